import { createServer, type AddressInfo, type Socket } from 'node:net'

export interface TcpGateway {
  readonly url: string
  readonly port: number
  /** Heads and bodies of complete requests, in the order of their arrival. */
  readonly requests: readonly string[]
  /** Connections that were ever made. */
  connections(): number
  [Symbol.asyncDispose](): Promise<void>
}

export interface TcpBehaviour {
  /** For each new connection. */
  onConnection?(socket: Socket): void
  /** For each complete request. */
  onRequest?(socket: Socket, request: string): void
}

/** A server that misbehaves on the level of TCP, where a library would not let it. */
export async function startTcpGateway({ onConnection, onRequest }: TcpBehaviour): Promise<TcpGateway> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
      for (let end = endOf(text); end !== undefined; end = endOf(text)) {
        const request = text.slice(0, end)
        text = text.slice(end)
        requests.push(request)
        onRequest?.(socket, request)
      }
    })
    onConnection?.(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** @returns where the first request ends, once all of it is there */
function endOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
  const end = head + 4 + length
  return text.length < end ? undefined : end
}

/** The bytes of an answer. */
export function httpAnswer(status: number, body: string, headers: Record<string, string> = {}): string {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Any\r\n${lines.join('')}\r\n${body}`
}

export const YES = '{"code":0,"message":"OK"}'
