"""What is generated for clients from the API document: the calls and forms of `clients/python` and `clients/typescript`."""
