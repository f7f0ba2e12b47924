import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createAuthority,
  findBinary,
  runIf,
  startNats,
  type CertificateAuthority,
  type ManagedProcess,
} from '@runnel/testing'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { nkeys, type ConnectionOptions } from 'nats'
import { connectBroker } from '../src/index.ts'
import { NO_ACCESS } from '../src/nats/access-options.ts'
import type { Broker, BrokerOptions } from '../src/ports.ts'
import { aMessage, aSpec, consume, memoryLog } from './builders.ts'
import { until } from './until.ts'

let log: ReturnType<typeof memoryLog>
const closing: { close(): unknown }[] = []
const use = <T extends { close(): unknown }>(thing: T): T => {
  closing.push(thing)
  return thing
}
afterEach(async () => {
  for (const thing of closing.splice(0).reverse()) await thing.close()
})

const start = async (config: string, probeOptions: ConnectionOptions): Promise<ManagedProcess> =>
  use(await startNats({ config, probeOptions }))

async function open(
  url: string,
  access: Partial<BrokerOptions['access']> = {},
  firstConnectMs = 5_000,
): Promise<Broker> {
  log = memoryLog()
  const options = { name: 'test', log, firstConnectMs, access: { ...NO_ACCESS, ...access } }
  return use(await connectBroker(url, options))
}

/** A broker that is refused waits for another try; the log says why. */
const refused = async (url: string, reason: RegExp, access: Partial<BrokerOptions['access']> = {}) => {
  log = memoryLog()
  const errors: string[] = []
  const warn = (fields: object, message: string) => {
    log.warn({}, message)
    // An error as JSON shows nothing of itself, or goes round in circles of certificates.
    const { err } = fields as { err?: Error & { code?: string } }
    errors.push(`${err?.code}: ${err?.message}`)
  }
  const options = {
    name: 'test',
    log: { ...log, warn },
    firstConnectMs: 0,
    access: { ...NO_ACCESS, ...access },
  }
  const broker = use(await connectBroker(url, options))
  await until('a failure is logged', () => log.lines.length > 0)
  expect(log.lines[0]).toMatch(/^warn The broker is unreachable/)
  expect(errors.join()).toMatch(reason)
  expect(broker.connected()).toBe(false)
}

const worksOver = async (broker: Broker) => {
  const spec = aSpec()
  await broker.ensureStream(spec)
  const { seen, stop } = consume(broker, spec)
  await broker.publish(aMessage(spec, 'a'), 5_000)
  await until('it is delivered', () => seen.length === 1)
  await stop()
}

const withLogin = (url: string, login: string) => url.replace('://', `://${login}@`)

describe('a login at NATS', () => {
  test('is the user and the password of the URL, whatever signs they hold', async () => {
    const password = 'p@ss/w:o,r%d?#'
    const config = `authorization { user: "me", password: ${JSON.stringify(password)} }\n`
    const { url } = await start(config, { user: 'me', pass: password })
    await worksOver(await open(withLogin(url, `me:${encodeURIComponent(password)}`)))
    await refused(url, /Authorization Violation/)
    await refused(withLogin(url, 'me:wrong'), /Authorization Violation/)
    expect(log.lines.join()).not.toContain('wrong')
  })

  test('is the token of the URL', async () => {
    const { url } = await start('authorization { token: "t0ken" }\n', { token: 't0ken' })
    await worksOver(await open(withLogin(url, 't0ken')))
    await refused(withLogin(url, 'other'), /Authorization Violation/)
  })

  test('is the seed of an NKey', async () => {
    const user = nkeys.createUser()
    const seed = new TextDecoder().decode(user.getSeed())
    const config = `authorization { users: [{ nkey: ${user.getPublicKey()} }, { user: probe, password: probe }] }\n`
    const { url } = await start(config, { user: 'probe', pass: 'probe' })
    await worksOver(await open(url, { nkeySeed: seed }))
    await refused(url, /Authorization Violation/)
  })

  test('of one server in a list serves those without one, and servers that are away are passed over', async () => {
    const { url } = await start('authorization { user: me, password: pass }\n', { user: 'me', pass: 'pass' })
    await worksOver(await open(`nats://me:pass@127.0.0.1:1, ${url}, nats://[::1]:1`))
  })
})

const withOpenssl = runIf(findBinary('openssl') !== undefined, describe, 'openssl is not installed')

withOpenssl('TLS to NATS', () => {
  let ca: CertificateAuthority
  beforeAll(() => {
    ca = createAuthority()
  })
  afterAll(() => ca.close())

  /** A server with a certificate for these names. */
  const startSecure = (names: readonly string[], more = '') => {
    const { certFile, keyFile } = ca.issue(names)
    const files = `cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${ca.caFile}"${more}`
    const own = ca.issue(['DNS:probe'], 'probe')
    const tls = { caFile: ca.caFile, ...own, checkServerIdentity: () => undefined }
    return start(`tls { ${files} }\n`, { tls } as ConnectionOptions)
  }
  const secure = (url: string, host = '127.0.0.1') => url.replace('nats:', 'tls:').replace('127.0.0.1', host)

  test('is what tls:// means: the certificate is checked, for names and for addresses', async () => {
    const { url } = await startSecure(['DNS:localhost', 'IP:127.0.0.1'])
    const trust = { caFile: ca.caFile }
    await worksOver(await open(secure(url), trust))
    await worksOver(await open(secure(url, 'localhost'), trust))
    await refused(secure(url), /certificate|self.signed/i)
  })

  test.each([
    ['DNS:localhost', '127.0.0.1'],
    ['DNS:other.example', 'localhost'],
    ['IP:127.0.0.1', 'localhost'],
  ])('is refused where the certificate is for %s and the URL names %s', async (name, host) => {
    const { url } = await startSecure([name])
    await refused(secure(url, host), /does not match certificate|ERR_TLS_CERT_ALTNAME_INVALID/, {
      caFile: ca.caFile,
    })
  })

  test('is never left out: a server without it is refused', async () => {
    const { url } = await start('', {})
    await refused(secure(url), /offers no TLS, which the settings ask for/)
    await refused(url, /offers no TLS/, { caFile: ca.caFile })
  })

  test('shows a certificate of its own where the server asks for one, and that of a replaced file at the next connection', async () => {
    const server = await startSecure(['IP:127.0.0.1'], ', verify: true')
    const [mine, others] = [ca.issue(['DNS:me'], 'me'), createAuthority('Others')]
    use(others)
    const foreign = others.issue(['DNS:me'], 'me')
    const files = { certFile: join(ca.folder, 'used.pem'), keyFile: join(ca.folder, 'used.key') }
    const put = ({ certFile, keyFile }: typeof mine) => {
      copyFileSync(certFile, files.certFile)
      copyFileSync(keyFile, files.keyFile)
    }
    await refused(secure(server.url), /certificate|TLS|disconnected|ECONNRESET|closed/i, {
      caFile: ca.caFile,
    })
    put(foreign)
    const broker = await open(secure(server.url), { caFile: ca.caFile, ...files }, 500)
    expect(broker.connected()).toBe(false)
    put(mine)
    await until('it is connected', () => broker.connected())
    await worksOver(broker)
  })
})
