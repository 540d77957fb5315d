"""The sandbox: the real engine runs the real program against an emulated AWS on this machine."""
