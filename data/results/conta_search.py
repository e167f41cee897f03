"""The search of conta_search.json: python conta_search.py FOLDER OUT.csv [seed or name of a configuration ...]

One thread. Each reading is trained beside the host that is trained for at least as many CPU seconds, measured once on seed 0,
and both are judged on val, with the best threshold there. Steps that stand in FOLDER are not done again, rows in OUT.csv are kept.
"""
import csv, shutil, sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import read_json, shared, write_json
from wsss_nb.methods.adjustment import Placed, inspect
from wsss_nb.run.compare import Arm, Entry, control_of, enough, entered, measured
from wsss_nb.run.pipeline import Data, Store, curve_of, execute

SEARCH = read_json(shared('data', 'results', 'conta_search.json'))
COLUMNS = ('configuration', 'recipe', 'world', 'seed', 'images', 'val_miou', 'control', 'control_val_miou', 'difference',
           'entropy', 'spread', 'weight', 'share', 'cpu_s')

class World(Data):
    "Scenes in which each context has its place."
    def scenes(self, name, seed): return Placed(super().scenes(name, seed))

def shown_best(arm, folder):
    "The mean IoU on val at the best threshold there."
    return float(np.nanmax(curve_of(execute(arm.curve('val'), folder, quiet), arm.among('val')).miou))

def quiet(line): pass

def lend_halves(arm, folder, epochs):
    "Segmentation networks that another reading trained on the same masks for as long."
    step = arm.giving()
    mine, seen = step.folder(folder), folder/arm.train.where/'halves'/f'{step.inputs["masks"].hash}-{epochs}'
    for k in ('half-0', 'half-1'):
        if (seen/k).exists() and not (mine/k).exists(): shutil.copytree(seen/k, mine/k)
    execute(step, folder, quiet)
    for k in ('half-0', 'half-1'):
        if (mine/k).exists() and not (seen/k).exists(): shutil.copytree(mine/k, seen/k)

def control_for(configuration, entry, data, folder):
    "The host with its epochs: measured once; a control that is there and costs at most a tenth more serves as well."
    path, control = folder/'controls.json', control_of(entry)
    known = read_json(path) if path.exists() else {}
    if configuration['name'] not in known:
        found = measured(entry, control, data, SEARCH['seeds'][0], folder, quiet)
        others = [o['epochs'] for o in known.values() if o['control'] == control.name]
        known[configuration['name']] = found | dict(control=control.name, epochs=enough(found['epochs'], others))
        write_json(path, known)
    return replace(control, epochs=known[configuration['name']]['epochs']), known[configuration['name']]['cpu_s']

def row_of(configuration, seed, folder):
    "What one reading and its control reach on one seed."
    world = configuration['world']
    folder = folder/world
    entry = entered(configuration['recipe'], Entry())
    data = (World if world == 'placed' else Data)(entry)
    control, cost = control_for(configuration, entry, data, folder)
    arm = Arm(entry, data, seed)
    if arm.learner.rounds == 2 and seed != SEARCH['seeds'][0]: lend_halves(arm, folder, arm.learner.epochs)
    own, other = (shown_best(o, folder) for o in (arm, Arm(control, data, seed)))
    network = arm.host.load(Store(arm.train.folder(folder)).file('network.safetensors'))
    alive = inspect(network, arm.dataset('val'))
    facts = (round(o, 5) for o in (alive.entropy, alive.spread, alive.weight, alive.share))
    return (configuration['name'], entry.name, world, seed, len(arm.dataset('val')), round(own, 6), control.name,
            round(other, 6), round(own - other, 6), *facts, cost)

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
