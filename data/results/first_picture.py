"""The picture of the README, from a finished standard run: python first_picture.py RUN OUT.png

Four images of test, spread evenly, whatever their scores; seed 0.
"""
import sys
from pathlib import Path

from wsss_nb.core.show import panels, png
from wsss_nb.core.colours import heat, overlay
from wsss_nb.core.store import Packs, Store, read_json
from wsss_nb.datasets.samples import Maps
from wsss_nb.work.data import Data, spread
from wsss_nb.work.plan import Plan
from wsss_nb.work.recipe import Settings
from wsss_nb.work.steps import unpacked

def pictures(folder, few=4):
    "The rows of pictures, by title."
    settings = Settings(**read_json(folder/'recipe.json')['settings'])
    plan = Plan(settings, Data(settings), 0)
    packs = lambda step: Packs(Store(step.folder(folder)))
    dataset, plain, maps = plan.dataset('test'), packs(plan.plain.seeds('test')), packs(plan.plain.maps('test'))
    best, network = packs(plan.seeds('test')), packs(plan.predicted('test'))
    some = [dataset[i] for i in spread(len(dataset), few)]
    return {'image': [o.image for o in some],
            'plain map': [heat(Maps.of(o.name, maps[o.name]).full().max(0), o.image) for o in some],
            'plain mask': [overlay(o.image, unpacked(plain[o.name])) for o in some],
            'best mask': [overlay(o.image, unpacked(best[o.name])) for o in some],
            'network': [overlay(o.image, unpacked(network[o.name])) for o in some],
            'truth': [overlay(o.image, o.mask) for o in some]}

if __name__ == '__main__':
    rows = pictures(Path(sys.argv[1]))
    Path(sys.argv[2]).write_bytes(png(panels(list(rows.values()), row_titles=list(rows), size=2.1)))
