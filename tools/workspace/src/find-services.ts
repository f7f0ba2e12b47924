import { join } from 'node:path'
import type { ServiceUrls } from '@runnel/testing'
import { SERVICE_KINDS, type ServiceKind } from './service-kinds.ts'
import { ServiceSearch, type FoundService } from './service-search.ts'
import { startCompose } from './start-compose.ts'
import { aptInstall } from './apt-install.ts'

export interface FindOptions {
  /** DATABASE_URL, NATS_URL and REDIS_URL win over everything where they are set. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Local ports to look at; default: the standard one of each. An empty list: none. */
  readonly localPorts?: Readonly<Partial<Record<keyof ServiceUrls, readonly number[]>>>
  /** Folder for the durable data of private servers; undefined: temporary, removed by close(). */
  readonly dataDir?: string | undefined
  /** Receives what is used and what is done, a line at a time. */
  readonly report: (line: string) => void
  readonly kinds?: readonly ServiceKind[]
  /** Whether packages may be installed and containers started; default: true. */
  readonly mayInstall?: boolean
}

export interface FoundServices {
  readonly urls: ServiceUrls
  /** Stops what was started, and only that. */
  close(): Promise<void>
}

/** For a service that this process did not start. */
const LEAVE_RUNNING = async () => {}

/**
 * Finds the three services, or starts them: what the environment names, else what answers on the standard local
 * ports, else private servers from installed programs, else (as root on Debian) from packages installed now, else
 * docker compose.
 *
 * @throws Error that names every service that is missing and why; whatever was started is stopped again
 */
export async function findServices(options: FindOptions): Promise<FoundServices> {
  const search = new ServiceSearch(options.kinds ?? SERVICE_KINDS)
  await search.attempt((kind) => findGiven(kind, options))
  const isRefused = search.missing.some((kind) => options.env[kind.variable])
  // The environment names a service: tests on another one would prove nothing about it.
  if (!isRefused) await findOrStart(search, options)
  if (search.missing.length === 0) return { urls: search.urls, close: () => search.close() }
  const problem = search.describeMissing()
  await search.close()
  throw new Error(problem)
}

async function findOrStart(search: ServiceSearch, options: FindOptions): Promise<void> {
  await search.attempt((kind) => findLocal(kind, options))
  await search.attempt((kind) => startPrivate(kind, options))
  if (search.missing.length === 0 || options.mayInstall === false) return
  const installed = installPackages(search.missing, options.report)
  await search.attempt(async () => void (await installed))
  await search.attempt((kind) => startPrivate(kind, options))
  if (search.missing.length === 0) return
  const started = startCompose(search.missing, options)
  await search.attempt(async (kind) => (await started).get(kind))
}

async function findGiven(kind: ServiceKind, { env, report }: FindOptions): Promise<FoundService | undefined> {
  const url = env[kind.variable]
  if (url === undefined || url === '') return undefined
  try {
    await kind.probe(url)
  } catch (error) {
    throw new Error(`${kind.variable} is set, but ${hostOf(url)} cannot be used: ${reasonOf(error)}`)
  }
  report(`${kind.name}: ${hostOf(url)}, from ${kind.variable}`)
  return { url, close: LEAVE_RUNNING }
}

async function findLocal(
  kind: ServiceKind,
  { localPorts, report }: FindOptions,
): Promise<FoundService | undefined> {
  const urls = (localPorts?.[kind.variable] ?? [kind.standardPort]).flatMap(kind.localUrls)
  let last: Error | undefined
  for (const url of urls) {
    try {
      await kind.probe(url)
      report(`${kind.name}: ${hostOf(url)}, found there`)
      return { url, close: LEAVE_RUNNING }
    } catch (error) {
      last = new Error(`${hostOf(url)}: ${reasonOf(error)}`)
    }
  }
  if (last !== undefined) throw last
  return undefined
}

async function startPrivate(kind: ServiceKind, { dataDir, report }: FindOptions): Promise<FoundService> {
  if (!kind.isInstalled()) throw new Error('it is not installed')
  const folder = dataDir === undefined ? {} : { dataDir: join(dataDir, kind.compose.service) }
  const server = await kind.start(folder)
  report(`${kind.name}: ${hostOf(server.url)}, started for this run`)
  return { url: server.url, close: () => server.close() }
}

/** Without login and password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : JSON.stringify(url)
}

/** node puts the refusals of several addresses into one error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}

/**
 * Installs the Debian packages of the given services, without starting them.
 *
 * @throws Error unless this is root on a Debian-like system and all packages could be installed
 */
async function installPackages(kinds: readonly ServiceKind[], report: (line: string) => void): Promise<void> {
  const packages = kinds.map((kind) => kind.debianPackage)
  const how = `install ${packages.join(', ')}, or set ${kinds.map((kind) => kind.variable).join(', ')}`
  await aptInstall(packages, how, report)
}
