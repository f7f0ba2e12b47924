import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/**
 * `Expect: 100-continue` asks before it sends. 100 is sent once something reads the body: a request that is refused by its
 * head gets the final status alone, and Node closes the connection after it, because the body may come or not.
 */
export function sendContinueWhenRead(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const read = request._read.bind(request)
    request._read = (size) => {
      request._read = read
      if (!response.headersSent) response.writeContinue()
      read(size)
    }
    server.emit('request', request, response)
  })
}
