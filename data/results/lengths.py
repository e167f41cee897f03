"""How long is long enough, by the rules of lengths.json: python lengths.py FOLDER OUT.csv start|phase|seam|amn [SEED EPOCHS]...

One thread. Lines are added to OUT.csv; steps that stand in FOLDER are not done again. The lengths before `phase` are those in compare-scenes.json.
"""
import csv, sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import read_json, shared
from wsss_nb.datasets.tags import average_precision
from wsss_nb.methods import activation
from wsss_nb.models.states import read_log
from wsss_nb.study.arms import Arm, Entry, entered
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.steps import curve_of

RULES = read_json(shared('data', 'results', 'lengths.json'))
COLUMNS = 'what', 'method', 'epochs', 'seed', 'images', 'miou', 'map', 'own_loss', 'cpu_s'
TAGS = 'bce', 'lr', 'step', 'epoch', 'seconds'  # of a log; all other columns are what a method adds

def quiet(line): pass

def arm_of(what, method, epochs, seed):
    "The arm that is trained for so long."
    entry = entered(method, Entry(rho=.8))
    if what == 'start':
        entry.__dict__['preset'] = replace(entry.preset, start=entry.preset.start | dict(epochs=epochs))
        return Arm(entry, Data(entry), seed, first=True)
    if what == 'amn':
        longer = replace(activation.SCHEDULES['scenes'], epochs=epochs)
        stages = entry.preset.stages | dict(amn=entry.preset.stages['amn'] | dict(schedule=longer))
        entry.__dict__['preset'] = replace(entry.preset, stages=stages)
        return Arm(entry, Data(entry), seed)
    return Arm(replace(entry, epochs=epochs), Data(entry), seed)

def row_of(what, method, epochs, seed, folder):
    "What one method reaches on val after so many epochs."
    arm = arm_of(what, method, epochs, seed)
    curve = curve_of(execute(arm.curve('val'), folder, quiet), arm.among('val'))
    step = arm.fit(1) if what == 'amn' else arm.train
    log = read_log(step.folder(folder)/'loop')
    last = log['epoch'] == log['epoch'].max()
    own = sum(v[last].mean() for k, v in log.items() if k not in TAGS)
    val, logits = arm.dataset('val'), execute(arm.tags('val'), folder, quiet).read_arrays('tags.safetensors')['logits']
    precision = np.nanmean(average_precision(logits, val.labels))
    cost = execute(step, folder, quiet).facts['cpu_s']
    return what, method, epochs, seed, len(val), *(round(float(o), 5) for o in (np.nanmax(curve.miou), precision, own)), cost

if __name__ == '__main__':
    torch.set_num_threads(1)
    folder, out, what, *some = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
    asked = RULES[what]
    methods, lengths = (['cam'], asked) if what == 'start' else (asked['methods'], asked['epochs'])
    pairs = list(zip(map(int, some[::2]), map(int, some[1::2]))) or [(s, n) for s in RULES['seeds'] for n in lengths]
    if not out.exists(): out.write_text(','.join(COLUMNS) + '\n')
    for seed, epochs in pairs:
        for method in methods:
            row = row_of(what, method, epochs, seed, folder)
            with out.open('a', newline='') as file: csv.writer(file, lineterminator='\n').writerow(row)
            print(*row, flush=True)
