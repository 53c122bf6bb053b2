"""Questions that the kernel asks."""

from collections.abc import Sequence

from msingi.kernel.plugin import plugin
from msingi.plugin import hookspec
from msingi.sayings import Saying
from msingi.work import Work


@plugin.hooks
class KernelHooks:
    """Questions about the installation."""

    @hookspec
    def remarks(self, work: Work) -> Sequence[Saying]:
        """Tell what ``msingi check`` should mention beside its problems: nothing is wrong, somebody should know."""
        raise NotImplementedError
