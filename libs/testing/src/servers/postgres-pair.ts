import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagedProcess } from '../managed-process.ts'
import { WAIT_LIMIT_MS } from '../wait-limit.ts'
import { requireBinary } from './binaries.ts'
import { connectForAdministration } from './probe-postgres.ts'
import { startPostgres } from './start-postgres.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

const POLL_MS = 50
/** pg_rewind asks for whole pages in the log. */
const SETTINGS = ['full_page_writes=on']
/** It reads the log from before the two parted, which the recovery of a killed server would remove; that reads files only. */
const KEEP_LOG = `alter system set wal_keep_size = '1GB'`
const ANY_STANDBY = '*'

/** How the primary commits: once the standby has it on disk, or before. */
type Replication = 'synchronous' | 'asynchronous'

/**
 * A primary and its standby. No supervisor watches them: who fails over calls {@link PostgresPair.failOver}, and
 * {@link PostgresPair.rejoin} afterwards.
 */
export class PostgresPair implements AsyncDisposable {
  readonly #servers: readonly [ManagedProcess, ManagedProcess]
  readonly #replication: Replication
  #primary: 0 | 1 = 0

  private constructor(servers: readonly [ManagedProcess, ManagedProcess], replication: Replication) {
    this.#servers = servers
    this.#replication = replication
  }

  /** @throws Error with the log of the server that does not come up */
  static async start(replication: Replication): Promise<PostgresPair> {
    await using starting = new AsyncDisposableStack()
    const first = starting.use(await startPostgres({ settings: SETTINGS, initdb: ['--data-checksums'] }))
    await run(first.url, KEEP_LOG, 'select pg_reload_conf()')
    const second = starting.use(await startPostgres({ settings: SETTINGS, standbyOf: first.url }))
    const pair = new PostgresPair([first, second], replication)
    if (replication === 'synchronous') await pair.#synchronise()
    starting.move()
    return pair
  }

  get primary(): ManagedProcess {
    return this.#servers[this.#primary]
  }

  get standby(): ManagedProcess {
    return this.#servers[1 - this.#primary]!
  }

  /** Both, whichever of them is the primary; always in the same order. */
  get servers(): readonly [ManagedProcess, ManagedProcess] {
    return this.#servers
  }

  /** Of both servers. @param ports by which they are reached. Default: their own */
  hostsUrl(ports: readonly number[] = this.#servers.map(({ port }) => port)): string {
    return `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/postgres`
  }

  /**
   * Kills the primary and promotes the standby. Resolves once that takes writes; it waits for no standby then, so that what it
   * commits is on one server until {@link rejoin}.
   *
   * @param noticedMs what passes until the standby is promoted
   */
  async failOver(noticedMs = 0): Promise<void> {
    await this.primary.kill('SIGKILL')
    await sleep(noticedMs)
    await run(this.standby.url, 'select pg_promote(true, 60)')
    this.#primary = this.#primary === 0 ? 1 : 0
    // It may have been a primary before, and have that in its file.
    await run(this.primary.url, 'alter system reset synchronous_standby_names', 'select pg_reload_conf()')
  }

  /** Makes a standby of what was the primary before. Resolves once the standby has all, and commits wait for it again. */
  async rejoin(): Promise<void> {
    // Or pg_rewind reads the timeline of before.
    await run(this.primary.url, 'checkpoint')
    this.#rewind()
    await this.standby.restart()
    await (this.#replication === 'synchronous' ? this.#synchronise() : this.#untilCopied(''))
  }

  /** Ends the standby, and starts it again after `awayMs`. Meanwhile the commits of a synchronous pair wait. */
  async loseStandby(awayMs: number): Promise<void> {
    await this.standby.kill('SIGKILL')
    await sleep(awayMs)
    await this.standby.restart()
    await this.#untilCopied(this.#replication === 'synchronous' ? 'sync' : '')
  }

  /** Ends the waiting of commits, as an administrator does who lost patience: they are on the primary alone then. @returns how many */
  async cancelWaits(): Promise<number> {
    return run(
      this.primary.url,
      `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
    )
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #synchronise(): Promise<void> {
    const { url } = this.primary
    const names = `alter system set synchronous_standby_names = '${ANY_STANDBY}'`
    await run(url, names, 'select pg_reload_conf()')
    await this.#untilCopied('sync')
  }

  /** Waits until the standby has on disk what the primary had written by now. @param state of pg_stat_replication; empty for any */
  async #untilCopied(state: string): Promise<void> {
    const { url } = this.primary
    const client = await connectForAdministration(url)
    try {
      const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn')
      const copied = `select from pg_stat_replication
        where state = 'streaming' and flush_lsn >= $1::pg_lsn and $2 in ('', sync_state)`
      for (const untilMs = Date.now() + WAIT_LIMIT_MS; ; await sleep(POLL_MS)) {
        const { rowCount } = await client.query(copied, [rows[0]!.lsn, state])
        if (rowCount) return
        if (Date.now() > untilMs)
          throw new Error(`The standby did not catch up in time\n${this.standby.logs()}`)
      }
    } finally {
      await client.end()
    }
  }

  #rewind(): void {
    const command = join(dirname(realpathSync(requireBinary('postgres'))), 'pg_rewind')
    const data = join(this.standby.temporaryFolder!, 'data')
    const { username: user, hostname: host, port } = new URL(this.primary.url)
    const source = `host=${host} port=${port} user=${user} dbname=postgres`
    const args = ['-D', data, `--source-server=${source}`, '--write-recovery-conf', '--no-sync']
    execFileSync(command, args, { ...unprivilegedUser(), cwd: '/', stdio: 'pipe' })
  }
}

/** @returns how many rows the last of them returned */
async function run(url: string, ...statements: readonly string[]): Promise<number> {
  const client = await connectForAdministration(url)
  try {
    let rows = 0
    for (const statement of statements) rows = (await client.query(statement)).rowCount ?? 0
    return rows
  } finally {
    await client.end()
  }
}
