"""The search of best_recipe.json: python best_recipe.py FOLDER OUT.csv [SEED...]

One thread. Lines are added to OUT.csv; steps that stand in FOLDER are not done again.
"""
import csv, sys
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import read_json, shared
from wsss_nb.study.arms import Arm, Entry, entered, learning
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.steps import curve_of

SEARCH = read_json(shared('data', 'results', 'best_recipe.json'))
COLUMNS = 'recipe', 'parts', 'seed', 'images', 'val_miou', 'threshold', 'cpu_s'

def row_of(recipe, seed, folder):
    "What a recipe reaches on val, and what its learning cost."
    entry = entered(recipe, Entry(rho=.8))
    arm = Arm(entry, Data(entry), seed)
    curve = curve_of(execute(arm.curve('val'), folder, lambda line: None), arm.among('val'))
    cost = sum(execute(o, folder, lambda line: None).facts['cpu_s'] for o in learning(arm))
    return recipe, len(arm.recipe.parts), seed, len(arm.dataset('val')), round(float(np.nanmax(curve.miou)), 5), curve.best, round(cost, 1)

if __name__ == '__main__':
    torch.set_num_threads(1)
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    if not out.exists(): out.write_text(','.join(COLUMNS) + '\n')
    done = {tuple(o[:3:2]) for o in csv.reader(out.open())}
    for seed in map(int, sys.argv[3:] or SEARCH['seeds']):
        for recipe in SEARCH['recipes']:
            if (recipe, str(seed)) in done: continue
            row = row_of(recipe, seed, folder)
            with out.open('a', newline='') as file: csv.writer(file, lineterminator='\n').writerow(row)
            print(*row, flush=True)
