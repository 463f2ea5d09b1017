"""For those who write a part of Quoth themselves: contracts as tests, and small parts to test with.

They need pytest and Hypothesis, which Quoth itself does not (`pip install pytest hypothesis`).

- `search_contract`: what every `PassageSearch` must do, a class of tests to subclass; `exact_search` is a
  small implementation to begin from.
- `store_machine`: random steps, restarts and kills included, of any store of documents beside a dictionary;
  `kills`: random kills of a library that never rests, beside a ledger of what it acknowledged.
  `library_process` runs both on a library with a search of your own:

      with Zygote("my_package.search:MySearch") as zygote:
          ran = run_store_machine(lambda: LibraryProcess(new_folder(), zygote), steps=2000)

- `changing_folder`: a folder, with an archive in it, that changes at random.
- `hashed_embedder`: an embedder without a model.
"""
