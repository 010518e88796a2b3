"""`make test-portable`: run the tests of numbers with the rounding of other processors.

What a test or docs/verified.md says has to hold on every x86-64 and arm64 processor and with every BLAS. One machine
can imitate some others: NumPy runs without its vector units, OpenBLAS with the kernels of older processors, and the C
library without fused multiply-add. Each of these changes the rounding of some functions, matrix products or
eigenvalues.
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
# The page's tests that measure or compare runs; in the last setting only.
PAGE = ["tests/app/equations", "tests/app/export/test_repository_script.py", "tests/app/maps",
        "tests/app/export/test_torch_or_scipy_scripts.py", "tests/app/panels/test_data_fields.py"]  # fmt: skip
TOGETHER = "all of these"
KERNELS = {  # of OpenBLAS, by processor: one with fused multiply-add, and one of before
    "x86_64": ("Haswell", "Nehalem"),
    "aarch64": ("NEOVERSEN1", "ARMV8"),
}


def list_vector_units() -> list[str]:
    """The vector units of this processor that NumPy uses beyond its baseline."""
    return [unit for unit in core.__cpu_dispatch__ if core.__cpu_features__[unit]]


def list_settings() -> dict[str, dict[str, str]]:
    """Environments by their descriptions; the last one combines all the others."""
    environments = {}
    if units := list_vector_units():
        environments["NumPy without its vector units"] = {"NPY_DISABLE_CPU_FEATURES": " ".join(units)}
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    for kernel in KERNELS.get(machine, ()):
        environments[f"OpenBLAS as on {kernel}"] = {"OPENBLAS_CORETYPE": kernel}
    if machine == "x86_64" and platform.libc_ver()[0] == "glibc":
        environments["the C library without fused multiply-add"] = {
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"
        }
    together = {name: value for setting in environments.values() for name, value in setting.items()}
    return environments | {TOGETHER: together}


def main(arguments: list[str]) -> int:
    """Run all tests of numbers, or those that are named, in every setting; return the number of failed settings."""
    failed = []
    for name, setting in list_settings().items():
        print(f"\n{name}: {' '.join(f'{key}={value!r}' for key, value in setting.items())}", flush=True)
        start = time.monotonic()
        tests = [*NUMBERS, *(PAGE if name == TOGETHER else ())]
        pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *(arguments or tests)]
        process = subprocess.run(pytest, cwd=ROOT, env=os.environ | setting, check=False)
        print(f"{name}: {'failed' if process.returncode else 'passed'} in {time.monotonic() - start:.0f} s", flush=True)
        failed += [name] if process.returncode else []
    print("\n" + (f"Failed: {', '.join(failed)}" if failed else "Passed in every setting."))
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
