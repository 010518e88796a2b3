"""`make test-portable`: the tests of numbers, as other processors would round them.

What a test or docs/verified.md says has to hold on every x86-64 and arm64 processor and with every BLAS. One machine
shows some of the others: NumPy runs without its vector units, OpenBLAS with the kernels of older processors, and the C
library without fused multiply-add. Each rounds some of exp, tan, powers, products of matrices, eigenvalues otherwise.
"""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from numpy._core import _multiarray_umath as core

ROOT = Path(__file__).parents[2]
# In every setting.
NUMBERS = [
    "tests/surfaces",
    "tests/optimizers",
    "tests/app/about/test_about_page.py",
    "tests/app/lessons/test_lesson_facts.py",
]
# Of the page what measures or compares runs, too; in the last setting only.
PAGE = ["tests/app/equations", "tests/app/export/test_repository_script.py", "tests/app/maps",
        "tests/app/export/test_other_library_scripts.py", "tests/app/panels/test_data_fields.py"]  # fmt: skip
TOGETHER = "all of these"
KERNELS = {  # of OpenBLAS, by processor: one with fused multiply-add, and one of before
    "x86_64": ("Haswell", "Nehalem"),
    "aarch64": ("NEOVERSEN1", "ARMV8"),
}


def list_vector_units() -> list[str]:
    """What NumPy uses of this processor beyond the least that it asks for."""
    return [unit for unit in core.__cpu_dispatch__ if core.__cpu_features__[unit]]


def list_settings() -> dict[str, dict[str, str]]:
    """Environments, by what is special about them; the last is all at once."""
    found = {}
    if units := list_vector_units():
        found["NumPy without its vector units"] = {"NPY_DISABLE_CPU_FEATURES": " ".join(units)}
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    for kernel in KERNELS.get(machine, ()):
        found[f"OpenBLAS as on {kernel}"] = {"OPENBLAS_CORETYPE": kernel}
    if machine == "x86_64" and platform.libc_ver()[0] == "glibc":
        found["the C library without fused multiply-add"] = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"}
    together = {name: value for setting in found.values() for name, value in setting.items()}
    return found | {TOGETHER: together}


def main(arguments: list[str]) -> int:
    """Run the tests, or those that are named, in every setting; the number of settings in which some failed."""
    failed = []
    for name, setting in list_settings().items():
        print(f"\n{name}: {' '.join(f'{key}={value!r}' for key, value in setting.items())}", flush=True)
        begun = time.monotonic()
        tests = [*NUMBERS, *(PAGE if name == TOGETHER else ())]
        pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *(arguments or tests)]
        done = subprocess.run(pytest, cwd=ROOT, env=os.environ | setting, check=False)
        print(f"{name}: {'failed' if done.returncode else 'passed'} in {time.monotonic() - begun:.0f} s", flush=True)
        failed += [name] if done.returncode else []
    print("\n" + (f"Failed: {', '.join(failed)}" if failed else "Passed in every setting."))
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
