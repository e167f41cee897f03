"""Name packaged rows after the code of today, if it makes them: python restamp.py FOLDER BEFORE COMMIT SEED METHOD METHOD METHOD METHOD METHOD...

One thread. Another processor rounds in another way, and a training makes another network of that; so two codes are compared on one machine.
BEFORE holds the rows of one seed that the code of the packaged rows made here (`one_seed` of its module of comparisons), and FOLDER takes those of
today, of five methods or more. If every digit is equal, all packaged rows of the comparison are said to be made by COMMIT; else nothing is
changed, and the first difference is shown.
"""
import sys
from itertools import zip_longest
from pathlib import Path

import torch

from wsss_nb.core.store import BadInput, read_json, shared, write_json
from wsss_nb.study.arms import Entry, entered, protocol_facts, protocol_hash
from wsss_nb.study.compare import one_seed, rows_at
from wsss_nb.work.data import Data

LEAST, SETTINGS = 5, Entry(rho=.8)

def packaged_folders(home):
    "{method: folder of its packaged rows}; its name begins with what was asked for."
    every = [(entered(read_json(o/'protocol.json')['method'], SETTINGS), o) for o in sorted(home.iterdir())]
    asked = lambda entry: protocol_hash(entry, Data(entry)).partition('-')[0]
    return {entry.name: folder for entry, folder in every if folder.name.startswith(asked(entry) + '-')}

def difference(one, other):
    "The first two lines of two files that are not the same; nothing if all are."
    pairs = zip_longest(*(Path(o).read_text().splitlines() for o in (one, other)))
    return next((pair for pair in pairs if pair[0] != pair[1]), None)

def earlier_rows(folder, seed, before):
    "The file of rows that the code of the packaged `folder` made on this machine."
    path, code = rows_at(folder.name, seed, before), folder.name.partition('-')[2]
    if not path.exists(): raise BadInput(before, f'has no rows of seed {seed} by the code {code}', 'Make them with that code first')
    return path

def again(names, seed, folders, out, before):
    "Compute rows anew; those that differ from the earlier code's are shown, and nothing else is done."
    entries = [entered(o, SETTINGS) for o in names]
    data = Data(entries[0])
    failed = one_seed(entries, seed, out, out)
    if failed: raise BadInput(*next(iter(failed.items())), 'Mend this, and give the command again')
    for o in entries:
        found = difference(rows_at(protocol_hash(o, data), seed, out), earlier_rows(folders[o.name], seed, before))
        if found: raise BadInput(f'{o.name}, seed {seed}', f'{found[0]!r} now, {found[1]!r} by the earlier code', 'Make the comparison anew')

def stamp(folders, commit, names, seed):
    "Every packaged row is one of `commit` now; beside it stands what was computed again."
    for name, folder in folders.items():
        entry, old = entered(name, SETTINGS), read_json(folder/'protocol.json')
        facts = protocol_facts(entry, Data(entry))
        first = old.get('first_made_by', old['made_by'])
        proof = dict(made_by=commit, first_made_by=first, computed_again=[f'{o}, seed {seed}, by both codes on one machine' for o in names])
        write_json(folder/'protocol.json', old | proof | facts)
        folder.rename(folder.with_name(protocol_hash(entry, Data(entry))))

if __name__ == '__main__':
    torch.set_num_threads(1)
    out, before, commit, seed, *names = sys.argv[1:]
    folders = packaged_folders(shared('data', 'results', 'seeds'))
    strange = [o for o in names if o not in folders]
    if strange: raise SystemExit(f'{strange[0]}: no packaged row; there is {", ".join(folders)}')
    if len(set(names)) < LEAST: raise SystemExit(f'Give at least {LEAST} methods')
    again(names, int(seed), folders, Path(out), before)
    stamp(folders, commit, names, int(seed))
    print(f'{len(folders)} methods are rows of {commit} now: {len(names)} of them were computed again, and no digit differs')
