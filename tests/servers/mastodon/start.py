"""Starts mastodon_mock on loopback, on a port of its own, and says `READY <url>` on one line.

Everything it keeps is below the current directory. It ends when its standard input does, so that it
never outlives the test that started it.
"""

import asyncio
import os
import socket
import sys

import uvicorn
from mastodon_mock.app import create_app
from mastodon_mock.config import MastodonMockConfig


async def main() -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", int(os.environ.get("MASTODON_PORT", "0"))))
    port = listener.getsockname()[1]

    config = MastodonMockConfig()
    config.database.path = ":memory:"
    config.domain = f"127.0.0.1:{port}"
    config.url_scheme = "http"
    config.media_storage_path = os.path.join(os.getcwd(), "media")
    server = uvicorn.Server(uvicorn.Config(create_app(config), server_header=False, log_level="warning"))

    async def announce() -> None:
        while not server.started:
            await asyncio.sleep(0.01)
        print(f"READY http://127.0.0.1:{port}", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        server.should_exit = True

    announcer = asyncio.create_task(announce())
    await server.serve(sockets=[listener])
    announcer.cancel()
    # The reader of standard input may still block: nothing is left to clean up.
    os._exit(0)


asyncio.run(main())
