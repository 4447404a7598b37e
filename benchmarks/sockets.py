"""Many raw websockets in one process, as a hall of phones: joins a board, and notes when each of them heard of it."""

import asyncio
import base64
import json
import os
import resource
import struct
import sys
import time
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass, field

AT_ONCE = 50  # sockets that are being opened at the same time
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


@dataclass
class Hall:
    """All sockets, and the moments (seconds since the epoch) at which they heard of the newest change."""

    port: int
    board: str
    cookie: str
    count: int
    heard: list[float] = field(default_factory=list)
    full: asyncio.Event = field(default_factory=asyncio.Event)

    async def phone(self, turn: asyncio.Semaphore, joined: asyncio.Future[None]) -> None:
        """One socket: opens, joins, and listens for ever."""
        async with turn:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(self._opening())
            assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
            await until(reader, writer, "0")
            send(writer, "40")
            await until(reader, writer, "40")
            send(writer, "420" + json.dumps(["board:join", {"board": self.board}]))
            answer = await until(reader, writer, "430")
            assert json.loads(answer[3:])[0]["ok"], answer
        joined.set_result(None)
        while True:
            await until(reader, writer, '42["board:tick"')
            self.heard.append(time.time())
            if len(self.heard) == self.count:
                self.full.set()

    def _opening(self) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", f"Host: 127.0.0.1:{self.port}",
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
            f"Origin: http://127.0.0.1:{self.port}", f"Cookie: {self.cookie}",
        ]  # fmt: skip
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def until(reader: StreamReader, writer: StreamWriter, begins: str) -> str:
    """The next message that begins so; pings of both protocols are answered meanwhile."""
    while True:
        kind, data = await frame(reader)
        assert kind != CLOSE, "the server closed a socket"
        text = data.decode()
        if kind == PING:
            send(writer, text, PONG)
        elif text == "2":
            send(writer, "3")
        elif text.startswith(begins):
            return text


async def frame(reader: StreamReader) -> tuple[int, bytes]:
    """Kind and content of one frame of the server, which are neither masked nor cut up."""
    head, size = await reader.readexactly(2)
    if size == 126:
        (size,) = struct.unpack(">H", await reader.readexactly(2))
    return head & 15, await reader.readexactly(size)


def send(writer: StreamWriter, text: str, kind: int = TEXT) -> None:
    """One short frame, masked as browsers must."""
    mask, data = os.urandom(4), text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + struct.pack(">H", len(data))
    writer.write(bytes([0x80 | kind]) + size + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)))


async def main(port: int, board: str, cookie: str, count: int) -> None:
    """Open all; then for each line on standard input wait until all have heard, and print when each did."""
    hall, turn = Hall(port, board, cookie, count), asyncio.Semaphore(AT_ONCE)
    joined = [asyncio.get_running_loop().create_future() for _ in range(count)]
    phones = [asyncio.create_task(hall.phone(turn, each)) for each in joined]
    for each in phones:
        each.add_done_callback(lambda _: os._exit(1))  # a socket that breaks breaks the measurement
    await asyncio.gather(*joined)
    print("joined", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        await asyncio.wait_for(hall.full.wait(), 60)
        print(json.dumps(sorted(hall.heard)), flush=True)
        hall.heard.clear()
        hall.full.clear()
    os._exit(0)


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
