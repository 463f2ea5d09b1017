"""Questions about the seed documents, and one that these don't answer."""

COMPANIES = "Which companies stopped selling facial recognition?"
SEEDS = "At what temperature are the seeds in Svalbard stored?"
REKOGNITION = "How long did Amazon stop police use of Rekognition?"
LAW = "What is Microsoft waiting for before it sells facial recognition to the police?"
PROPOSALS = "When did Amazon's shareholders reject the proposals on facial recognition?"
UNANSWERABLE = "What is the boiling point of tungsten?"
ALL = (COMPANIES, REKOGNITION, LAW, PROPOSALS, SEEDS, UNANSWERABLE)
