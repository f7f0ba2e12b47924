import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually, findBinary, runIf, startPostgres, type ManagedProcess } from '@runnel/testing'
import { sql } from 'kysely'
import { connectDatabase, type Database } from '../src/database.ts'

const POOL_SIZE = 3

runIf(
  findBinary('postgres') !== undefined,
  describe,
  'PostgreSQL is not installed',
)('a primary and its standby', () => {
  let primary: ManagedProcess
  let standby: ManagedProcess
  const open: Database[] = []
  /** Whether the pair fails over in a test; undefined before the first one. */
  let isUsed: boolean | undefined
  const stop = async () => void (await Promise.all([primary?.close(), standby?.close()]))

  const connect = (
    first: ManagedProcess,
    second: ManagedProcess,
    parameters = '',
    statementTimeoutMs = 10_000,
  ): Database => {
    const { host } = new URL(second.url)
    const url = first.url.replace(/\/postgres$/, `,${host}/postgres${parameters}`)
    const database = connectDatabase({
      url,
      applicationName: 'test',
      poolSize: POOL_SIZE,
      statementTimeoutMs,
    })
    open.push(database)
    return database
  }
  const write = ({ kysely }: Database, text: string) => sql`insert into kept values (${text})`.execute(kysely)
  const backends = async (database: Database): Promise<string[]> => {
    const ask = () =>
      sql<{ pid: string }>`select pg_backend_pid()::text as pid, pg_sleep(0.05)`.execute(database.kysely)
    const answers = await Promise.all(Array.from({ length: POOL_SIZE }, ask))
    return answers.map(({ rows }) => rows[0]!.pid)
  }
  const promote = async () => {
    isUsed = true
    await sql`select pg_promote()`.execute(connect(standby, standby, '?target_session_attrs=any').kysely)
  }
  const portOf = async ({ kysely }: Database): Promise<string> => {
    const { rows } = await sql<{ port: string }>`select inet_server_port()::text as port`.execute(kysely)
    return rows[0]!.port
  }

  beforeEach(async () => {
    if (isUsed) await stop()
    else if (isUsed === false) return
    isUsed = false
    primary = await startPostgres()
    standby = await startPostgres({ standbyOf: primary.url })
    const administrator = connect(primary, standby)
    await sql`create table kept (text text)`.execute(administrator.kysely)
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((database) => database.close()))
  })
  afterAll(() => stop())

  it('connections go to the one that is asked for, in whichever order they are named', async () => {
    const [a, b] = [new URL(primary.url).port, new URL(standby.url).port]
    for (const [first, second] of [
      [primary, standby],
      [standby, primary],
    ] as const) {
      expect(await portOf(connect(first, second))).toBe(a)
      expect(await portOf(connect(first, second, '?target_session_attrs=primary'))).toBe(a)
      expect(await portOf(connect(first, second, '?target_session_attrs=standby'))).toBe(b)
      expect(await portOf(connect(first, second, '?target_session_attrs=read-only'))).toBe(b)
      expect(await portOf(connect(first, second, '?target_session_attrs=any'))).toBe(new URL(first.url).port)
    }
  })

  it('a statement that takes its time is left to it where the server is there', async () => {
    const { kysely } = connect(primary, standby)
    await sql`select pg_sleep(3.2)`.execute(kysely)
  })

  it('says which server is of the wrong kind where none is of the right one', async () => {
    const database = connect(standby, standby, '?target_session_attrs=primary')
    await expect(portOf(database)).rejects.toThrow(
      `PostgreSQL at 127.0.0.1:${new URL(standby.url).port} is a standby, and target_session_attrs asks for primary`,
    )
  })

  it('a pool follows to the standby that was promoted, without being opened again', async () => {
    const database = connect(primary, standby)
    await write(database, 'before')
    const copied = connect(standby, standby, '?target_session_attrs=standby')
    const count = async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from kept`.execute(copied.kysely)
      return rows[0]!.n
    }
    await eventually(async () => (await count()) === 1)
    await primary.kill('SIGKILL')
    await expect(write(database, 'meanwhile')).rejects.toThrow(/standby|terminated|refused|ECONN/)
    await promote()
    await eventually(() => write(database, 'after'))
    expect(await portOf(database)).toBe(new URL(standby.url).port)
    const { rows } = await sql<{ text: string }>`select text from kept order by text`.execute(database.kysely)
    expect(rows.map(({ text }) => text)).toEqual(['after', 'before'])
  })

  it('a server that refuses to write loses every connection to it, those of one server alike', async () => {
    const several = connect(primary, standby)
    const one = connectDatabase({
      url: primary.url,
      applicationName: 'test',
      poolSize: POOL_SIZE,
      statementTimeoutMs: 10_000,
    })
    open.push(one)
    const before = [await backends(several), await backends(one)]
    expect(new Set(before.flat()).size).toBe(2 * POOL_SIZE)
    await promote()
    // As behind the address of a service that has moved on, or on a disk that an administrator protects.
    const administrator = connect(primary, primary, '?target_session_attrs=any')
    await sql`alter system set default_transaction_read_only = on`.execute(administrator.kysely)
    await sql`select pg_reload_conf()`.execute(administrator.kysely)
    await eventually(async () => {
      await expect(write(one, 'refused')).rejects.toMatchObject({ code: '25006' })
      return true
    })
    expect((await backends(one)).filter((pid) => before[1]!.includes(pid))).toEqual([])
    await write(several, 'refused').catch(() => undefined)
    await write(several, 'taken')
    expect(await portOf(several)).toBe(new URL(standby.url).port)
  })

  it('a primary that went away without a word loses the statements that wait for it, long before their own limit', async () => {
    const database = connect(primary, standby, '', 600_000)
    await write(database, 'before')
    const copied = connect(standby, standby, '?target_session_attrs=standby')
    await eventually(async () => (await sql`select from kept`.execute(copied.kysely)).rows.length === 1)
    await primary.kill('SIGSTOP')
    const waiting = write(database, 'meanwhile')
    const [outcome] = await Promise.all([waiting.catch((error: unknown) => error), promote()])
    expect(outcome).toMatchObject({ message: 'Connection terminated unexpectedly' })
    await eventually(() => write(database, 'after'))
    expect(await portOf(database)).toBe(new URL(standby.url).port)
  })
})
