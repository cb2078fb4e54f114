"""Country packs: what differs between countries, as data with versions.

``models`` and ``sections`` say what a pack holds, ``lookup`` finds one (``pack_of``), ``values``
hands plain numbers and codes to rules, ``differences`` compares two versions.
"""
