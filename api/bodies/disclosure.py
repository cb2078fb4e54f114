"""Documents that travel, grants, and what came from abroad, as officers send and see them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from api.fields import Code, Id, Strict, View
from core.exchange.manifests import PartRole, Purpose
from transfers.service.documents import Choice, Chosen
