"""The doses of doses.json: python doses.py FOLDER ROWS [method ...]

One thread. Methods and their placebos on one seed after another, at every tie, in the order of doses.json.
Steps that stand in FOLDER and rows in ROWS/TIE/SEED.csv are not made again; a seed's steps are removed when it is done.
"""
import shutil, sys
from pathlib import Path

import torch

from wsss_nb.core.store import read_json, shared
from wsss_nb.datasets.rows import read_scores, write_scores
from wsss_nb.study.arms import Entry, refined, with_placebos
from wsss_nb.study.compare import scored
from wsss_nb.work.data import Data

PROTOCOL = read_json(shared('data', 'results', 'doses.json'))
TIES = 0, .95, .4  # 0.8 is the packaged comparison

def rows_of(path):
    "The scores that stand in a file."
    return read_scores(path) if path.exists() else []

def one_seed(methods, tie, seed, folder, path):
    "Write the rows that are missing of the methods and their placebos."
    everyone, _ = with_placebos(refined(methods, Entry(rho=tie)))
    data = Data(next(iter(everyone.values())))
    for name, entry in everyone.items():
        rows = rows_of(path)
        if any(o.method == name for o in rows): continue
        write_scores(path, rows + scored(entry, data, seed, folder, lambda line: None))
        print(f'tie {tie}, seed {seed}: {name}', flush=True)

if __name__ == '__main__':
    torch.set_num_threads(1)
    folder, home, *methods = sys.argv[1:]
    for tie in TIES:
        for seed in PROTOCOL['seeds']:
            own = Path(folder)/f'{tie:g}-{seed}'
            one_seed(methods or PROTOCOL['methods'], tie, seed, own, Path(home)/f'{tie:g}'/f'{seed}.csv')
            shutil.rmtree(own, ignore_errors=True)
