"""The search of conta_search.json: python conta_search.py FOLDER OUT.csv [seed or name of a configuration ...]

One thread. Each reading is trained beside its placebo (the same rounds, M = 0) and beside the host trained for at least as many CPU seconds,
measured once on the first seed, and all are judged on val, with the best threshold there. Steps that stand in FOLDER are not done again, rows in OUT.csv are kept.
"""
import csv, shutil, sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import read_json, shared, write_json
from wsss_nb.methods.effects import inspect
from wsss_nb.methods.placed import Placed
from wsss_nb.study.arms import Arm, Entry, control_of, entered, measured, placebo_of
from wsss_nb.study.evidence import SHARE, SPREAD
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.steps import curve_of

SEARCH = read_json(shared('data', 'results', 'conta_search.json'))
COLUMNS = ('configuration', 'recipe', 'world', 'seed', 'images', 'val_miou', 'placebo_val_miou', 'mechanism', 'control', 'control_val_miou', 'price',
           'entropy', 'spread', 'weight', 'share', 'cpu_s')
LONGEST = 8  # times the phase, for a reading that is trained until M is alive

class World(Data):
    "Scenes in which each context has its place."
    def scenes(self, name, seed): return Placed(super().scenes(name, seed))

def quiet(line): pass

def shown_best(arm, folder):
    "The mean IoU on val at the best threshold there."
    return float(np.nanmax(curve_of(execute(arm.curve('val'), folder, quiet), arm.among('val')).miou))

def lend_halves(arm, folder):
    "Segmentation networks that another reading trained on the same masks for as long."
    if not arm.learner.masked or arm.learner.masks_from == 'truth' or arm.seed == SEARCH['seeds'][0]: return  # there costs are measured
    step = arm.giving()
    mine, seen = step.folder(folder), folder/arm.train.where/'halves'/f'{step.inputs["masks"].hash}-{arm.learner.epochs}'
    for k in ('half-0', 'half-1'):
        if (seen/k).exists() and not (mine/k).exists(): shutil.copytree(seen/k, mine/k)
    execute(step, folder, quiet)
    for k in ('half-0', 'half-1'):
        if (mine/k).exists() and not (seen/k).exists(): shutil.copytree(mine/k, seen/k)

def alive(arm, folder):
    "The inspection of an arm on val."
    network = arm.host.load(execute(arm.train, folder, quiet).file('network.safetensors'))
    return inspect(network, arm.dataset('val'))

def arm_of(configuration, entry, data, seed, folder):
    "The arm of a reading; one that is trained until M is alive gets twice the epochs until it is, or LONGEST is reached."
    arm, times = Arm(entry, data, seed), 1
    if arm.learner.rounds == 2: lend_halves(arm, folder)
    least = arm.schedule(len(arm.dataset('train'))).epochs
    while configuration.get('until_alive') and times < LONGEST:
        found = alive(arm, folder)
        if found.spread >= SPREAD and found.share >= SHARE: break
        times *= 2
        arm = Arm(replace(entry, epochs=times*least), data, seed)
        lend_halves(arm, folder)
    return arm

def control_for(configuration, entry, data, folder):
    "The host with its epochs, and what the reading costs: measured once."
    path, control = folder/'controls.json', control_of(entry)
    known = read_json(path) if path.exists() else {}
    if configuration['name'] not in known:
        known[configuration['name']] = measured(entry, control, data, SEARCH['seeds'][:1], folder, quiet)
        write_json(path, known)
    return replace(control, epochs=known[configuration['name']]['epochs']), known[configuration['name']]['cpu_s']

def row_of(configuration, seed, folder):
    "What one reading and its controls reach on one seed."
    world, folder = configuration['world'], folder/configuration['world']
    entry = entered(configuration['recipe'], Entry(rho=.8))
    data = (World if world == 'placed' else Data)(entry)
    arm = arm_of(configuration, entry, data, seed, folder)
    entry = arm.settings
    control, cost = control_for(configuration, entry, data, folder)
    own, placebo, other = (shown_best(o, folder) for o in (arm, Arm(placebo_of(entry), data, seed), Arm(control, data, seed)))
    facts = alive(arm, folder)
    return (configuration['name'], entry.name, world, seed, len(arm.dataset('val')), round(own, 6), round(placebo, 6),
            round(own - placebo, 6), control.name, round(other, 6), round(own - other, 6),
            *(round(o, 5) for o in (facts.entropy, facts.spread, facts.weight, facts.share)), cost)

if __name__ == '__main__':
    torch.set_num_threads(1)
    folder, out, some = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    rows = list(csv.reader(out.open()))[1:] if out.exists() else []
    for configuration in SEARCH['configurations']:
        for seed in SEARCH['seeds']:
            name = configuration['name']
            if any(o[0] == name and o[3] == str(seed) for o in rows): continue
            if some and name not in some and str(seed) not in some: continue
            rows.append([str(o) for o in row_of(configuration, seed, folder)])
            with out.open('w', newline='') as file: csv.writer(file, lineterminator='\n').writerows([COLUMNS, *rows])
            print(*rows[-1], flush=True)
