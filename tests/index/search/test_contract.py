from functools import partial

from index.search.dense.sizes import DenseSizes
from index.search.local_search import LocalSearch
from index.testing.exact_search import ExactSearch
from index.testing.search_contract import PassageSearchContract


class TestLocalSearch(PassageSearchContract):
    make_search = LocalSearch


class TestLocalSearchSavedAtOnce(PassageSearchContract):
    make_search = partial(LocalSearch, dense=DenseSizes(save_fewest=1))


class TestExactSearch(PassageSearchContract):
    make_search = ExactSearch
