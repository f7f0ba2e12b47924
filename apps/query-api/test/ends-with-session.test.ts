import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { beginSession, endSessions } from '@runnel/repositories-access'
import { eventually } from '@runnel/testing'
import { createHash, randomBytes } from 'node:crypto'
import { request as send, type Server } from 'node:http'
import { SESSION_COOKIE } from '../src/people/cookies.ts'
import { listen } from './follow-tail.ts'
import { startService } from './forward-parts.ts'
import { startPeople } from './start-people.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
const LIMITS = { idleMs: 3_600_000, absoluteMs: 3_600_000, ofPerson: 20 }

describe('what is under way for a person whose session is revoked', () => {
  let replica: Awaited<ReturnType<typeof startPeople>>
  let dispatcher: { url: string; server: Server }
  let url: string
  /** Requests that came to message-dispatcher, and whether they were given up. */
  const forwarded: { readonly path: string | undefined; isGone: boolean }[] = []

  beforeAll(async () => {
    dispatcher = await startService((request, response) => {
      const state = { path: request.url, isGone: false }
      forwarded.push(state)
      response.once('close', () => (state.isGone = true))
      if (request.method === 'POST') request.resume()
      else response.writeHead(200, { 'content-type': 'text/csv' }).write('phone\r\n+79161230000\r\n')
    })
    const services = { 'message-dispatcher': dispatcher.url }
    const people = { provider: undefined, env: { LOCAL_ACCOUNTS: '1' } }
    const { database, prefix } = suite
    replica = await startPeople({ databaseUrl: database.url, prefix, services, ...people })
    url = await listen(replica.api, '127.0.0.1')
  })
  afterAll(async () => {
    await replica?.close()
    dispatcher?.server.closeAllConnections()
    dispatcher?.server.close()
  })

  const signIn = async (id: string) => {
    const token = randomBytes(32).toString('base64url')
    const sha256 = createHash('sha256').update(token).digest()
    const person = { issuer: 'local', personId: id, name: id, roles: ['admin'] as const }
    const browser = { providerSession: null, userAgent: '', address: '127.0.0.1' }
    await beginSession(replica.database, { id, sha256, ...person, ...browser }, LIMITS)
    return `${SESSION_COOKIE}=${token}`
  }
  /** A body that is begun does not end. */
  const begin = (method: string, path: string, cookie: string) => {
    const state = { status: 0, isCut: false }
    const outgoing = send(url + path, {
      method,
      agent: false,
      headers: { cookie, 'content-type': 'text/csv' },
    })
    outgoing.on('response', (response) => {
      state.status = response.statusCode ?? 0
      response.resume().once('close', () => (state.isCut = !response.complete))
    })
    outgoing.on('error', () => (state.isCut = true))
    if (method === 'POST') outgoing.write('phone\r\n')
    else outgoing.end()
    return { state, end: () => outgoing.destroy() }
  }

  it.each([
    ['GET', '/api/v1/logs/tail'],
    ['GET', '/api/v1/products/changes'],
    ['GET', '/api/v1/clients/export'],
    ['POST', '/api/v1/clients/import'],
  ])('%s %s is cut, here and behind, and that of another goes on', async (method, path) => {
    const id = `of ${path}`
    const [mine, other] = [
      begin(method, path, await signIn(id)),
      begin(method, path, await signIn(`other ${path}`)),
    ]
    const behind = () => forwarded.filter((one) => one.path === path)
    const isUnderWay = ({ status }: { status: number }) => status === 200 || behind().length === 2
    await eventually(() => isUnderWay(mine.state) && isUnderWay(other.state))
    // As another replica does.
    await endSessions(replica.database, { id })
    await eventually(() => mine.state.isCut)
    if (behind().length > 0) await eventually(() => behind().some(({ isGone }) => isGone))
    expect(behind().filter(({ isGone }) => isGone).length).toBeLessThan(2)
    expect(other.state.isCut).toBe(false)
    other.end()
  })
})
