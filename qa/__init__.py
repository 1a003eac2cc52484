"""Questions in, cited answers out: the one set of functions behind the command line, the form and the batch."""
