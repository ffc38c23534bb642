"""Photos in, classes out: the pretrained network, any trained run, and a network with random weights."""
