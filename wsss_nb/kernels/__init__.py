"Kernels, which know arrays only."
from ..core.caches import settle as _settle

_settle()
