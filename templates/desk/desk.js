import { createAll, Button, ErrorSummary, SkipLink } from "./kit.js";

createAll(Button);
createAll(ErrorSummary);
createAll(SkipLink);
