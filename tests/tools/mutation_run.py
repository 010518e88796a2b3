"""`make mutants`: seed faults in the optimizers and list those that no test notices."""

import json
import subprocess
import sys
from pathlib import Path

ALLOWED = 0.10  # fraction of mutants that may survive: some, like another rounding of a formula, change nothing
SURVIVED, UNTESTED = 0, 33  # mutmut's exit codes; any other one is a mutant that was noticed

mutmut = Path(sys.executable).with_name("mutmut")
subprocess.run([mutmut, "run"], stdout=subprocess.DEVNULL, check=False)
outcomes = {
    name: code
    for meta in sorted(Path("mutants").rglob("*.meta"))
    for name, code in json.loads(meta.read_text())["exit_code_by_key"].items()
}
if not outcomes or None in outcomes.values():
    sys.exit("The run did not finish; `mutmut run` tells why.")
alive = [name for name, code in outcomes.items() if code in (SURVIVED, UNTESTED)]
for name in alive:
    print(subprocess.run([mutmut, "show", name], capture_output=True, text=True, check=False).stdout)
print(f"{len(outcomes)} mutants, {len(alive)} alive ({len(alive) / len(outcomes):.1%})")
sys.exit(len(alive) > ALLOWED * len(outcomes))
