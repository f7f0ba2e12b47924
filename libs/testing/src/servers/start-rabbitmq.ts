import { execFile } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ManagedProcess } from '../managed-process.ts'
import { findBinary, requireBinary } from './binaries.ts'
import { freePort } from './free-port.ts'
import { onPort } from './on-free-ports.ts'
import { probeRabbitmq } from './probe-rabbitmq.ts'
import { prepareServer, startServer, type ServerOptions } from './start-server.ts'

/** A RabbitMQ of its own: another node name, cookie and port mapper than any other on this machine. */
export interface RabbitmqServer extends AsyncDisposable {
  readonly process: ManagedProcess
  readonly url: string
  /** `amqps://localhost:...`, without a login; undefined where no TLS was asked for. */
  readonly tlsUrl: string | undefined
  /** Runs rabbitmqctl against it. @returns what it wrote. @throws Error where it fails */
  ctl(...args: string[]): Promise<string>
}

export interface RabbitmqOptions extends ServerOptions {
  /** TLS on a port of its own, for clients with a certificate of the same authority alone. */
  readonly tls?: { readonly caFile: string; readonly certFile: string; readonly keyFile: string }
}

/** Debian puts a wrapper on PATH that runs the server as another user, in another folder. */
const OWN_FOLDER = '/usr/lib/rabbitmq/bin'
/** Erlang starts slowly beside other work. */
const BOOT_MS = 180_000
/** The plugins and the clustering of a test's server are none; it keeps to one scheduler. */
const ONE_SCHEDULER = '+S 1:1 +sbwt none'

/**
 * Where rabbitmq-server and rabbitmqctl stand: a folder in RABBITMQ_BIN, by which tests run on another version.
 *
 * @returns undefined where there is no RabbitMQ
 */
export function findRabbitmq(): string | undefined {
  return findBinary('rabbitmq-server', process.env['RABBITMQ_BIN'] || OWN_FOLDER)
}

/** @throws Error when there is no RabbitMQ or it does not come up */
export function startRabbitmq(options: RabbitmqOptions = {}): Promise<RabbitmqServer> {
  return onPort(options.port, (port) => startRabbitmqOn(port, options))
}

async function startRabbitmqOn(port: number, options: RabbitmqOptions): Promise<RabbitmqServer> {
  const command = findRabbitmq()
  if (command === undefined) throw new Error('There is no rabbitmq-server; install it')
  await using starting = new AsyncDisposableStack()
  const epmdPort = await freePort()
  const epmd = starting.use(await startPortMapper(epmdPort))
  const { folder, temporaryFolder } = prepareServer('rabbitmq', options)
  const tlsPort = options.tls && (await freePort())
  const env = environmentOf(folder, port, await freePort(), epmdPort)
  if (options.tls) appendFileSync(join(folder, 'rabbitmq.conf'), tlsConfig(tlsPort!, options.tls))
  const server = starting.use(
    await startServer({
      name: `rabbitmq-server (port mapper ${epmd.port})`,
      command,
      args: [],
      env,
      url: `amqp://guest:guest@127.0.0.1:${port}`,
      port,
      probe: probeRabbitmq,
      readyMs: BOOT_MS,
      temporaryFolder,
      stopSignal: 'SIGTERM',
    }),
  )
  const running = starting.move()
  const ctl = command.replace(/rabbitmq-server$/, 'rabbitmqctl')
  return {
    process: server,
    url: server.url,
    tlsUrl: tlsPort === undefined ? undefined : `amqps://localhost:${tlsPort}`,
    ctl: async (...args) => (await promisify(execFile)(ctl, ['--quiet', ...args], { env })).stdout,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function tlsConfig(port: number, { caFile, certFile, keyFile }: NonNullable<RabbitmqOptions['tls']>): string {
  return [
    `listeners.ssl.1 = 127.0.0.1:${port}`,
    `ssl_options.cacertfile = ${caFile}`,
    `ssl_options.certfile = ${certFile}`,
    `ssl_options.keyfile = ${keyFile}`,
    'ssl_options.verify = verify_peer',
    'ssl_options.fail_if_no_peer_cert = true',
    '',
  ].join('\n')
}

/** Erlang starts one by itself where none answers, which no process would end. */
function startPortMapper(port: number): Promise<ManagedProcess> {
  return startServer({
    name: 'epmd',
    command: requireBinary('epmd'),
    args: ['-port', String(port), '-address', '127.0.0.1'],
    url: `tcp://127.0.0.1:${port}`,
    port,
    stopSignal: 'SIGTERM',
  })
}

function environmentOf(
  folder: string,
  port: number,
  distributionPort: number,
  epmdPort: number,
): NodeJS.ProcessEnv {
  // Erlang reads the cookie of a node from its home.
  writeFileSync(join(folder, '.erlang.cookie'), crypto.randomUUID(), { mode: 0o400, flag: 'a' })
  writeFileSync(join(folder, 'enabled_plugins'), '[].')
  writeFileSync(
    join(folder, 'rabbitmq.conf'),
    `listeners.tcp.1 = 127.0.0.1:${port}\ndistribution.listener.interface = 127.0.0.1\n`,
  )
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    HOME: folder,
    RABBITMQ_NODENAME: `runnel-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // Where the port mapper has ended first, no node starts another one, which would stay behind.
    ERL_FLAGS: '-start_epmd false',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: ONE_SCHEDULER,
    // The server takes the place of its script, so that a signal reaches it.
    RUNNING_UNDER_SYSTEMD: 'true',
  }
}
