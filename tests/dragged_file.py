"""Drags a file from another program and drops it: python dragged_file.py FILE X Y

The source's side of the XDND protocol (freedesktop.org), version 5, ended by the target's XdndFinished.
"""

import sys
from pathlib import Path

from Xlib import X, display
from Xlib.protocol import event
from Xlib.xobject.drawable import Window

LAST_BITS = 24  # where XdndEnter has the version


def drop(file: Path, x: int, y: int) -> None:
    screen = display.Display()
    root = screen.screen().root
    source = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    source.set_selection_owner(screen.intern_atom("XdndSelection"), X.CurrentTime)
    root.warp_pointer(x, y)
    target = window_that_takes_drops(screen, root)

    def tell(message: str, *data: int) -> None:
        numbers = (32, [source.id, *data, *[0] * (4 - len(data))])
        target.send_event(event.ClientMessage(window=target, client_type=screen.intern_atom(message), data=numbers))

    tell("XdndEnter", 5 << LAST_BITS, screen.intern_atom("text/uri-list"))
    tell("XdndPosition", 0, x << 16 | y, X.CurrentTime, screen.intern_atom("XdndActionCopy"))
    while True:
        answer = screen.next_event()
        if answer.type == X.SelectionRequest:
            hand_over(answer, f"{file.as_uri()}\r\n".encode())
        elif answer.type == X.ClientMessage:
            name = screen.get_atom_name(answer.client_type)
            if name == "XdndFinished":
                return
            accepted = answer.data[1][1] & 1
            assert accepted, "the drop is refused"
            tell("XdndDrop", 0, X.CurrentTime)


def window_that_takes_drops(screen: display.Display, root: Window) -> Window:
    """The outermost one under the pointer."""
    window, aware = root, screen.intern_atom("XdndAware")
    while not window.get_full_property(aware, X.AnyPropertyType):
        window = window.query_pointer().child
        assert window, "nothing here takes drops"
    return window


def hand_over(request: event.SelectionRequest, text: bytes) -> None:
    request.requestor.change_property(request.property, request.target, 8, text)
    told = event.SelectionNotify(
        time=request.time,
        requestor=request.requestor,
        selection=request.selection,
        target=request.target,
        property=request.property,
    )
    request.requestor.send_event(told)


if __name__ == "__main__":
    drop(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
