"""What breaks while people play: killed processes, a lost short memory, full disks, lost connections, old schemas."""
