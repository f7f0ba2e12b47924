import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { childPids } from './process-tree.ts'

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']
const LISTEN_STATE = '0A'

/**
 * Whether a process listens on a TCP port, or one that it started: what answers there may be another one. Where the system does not
 * say it (there is no /proc, or the process is of another user), this says yes.
 */
export function listensOn(pid: number, port: number): boolean {
  if (!existsSync(TABLES[0]!)) return true
  const sockets = listeningSockets(port)
  return holdsOne(pid, sockets) || childPids(pid).some((child) => listensOn(child, port))
}

/** The sockets that listen on a port at any address, as /proc/N/fd names them. */
function listeningSockets(port: number): ReadonlySet<string> {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = TABLES.filter((table) => existsSync(table)).flatMap((table) =>
    readFileSync(table, 'utf8').trim().split('\n').slice(1),
  )
  const sockets = rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/)
    return state === LISTEN_STATE && local.endsWith(place) ? [`socket:[${inode}]`] : []
  })
  return new Set(sockets)
}

function holdsOne(pid: number, sockets: ReadonlySet<string>): boolean {
  if (sockets.size === 0) return false
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).some((fd) => sockets.has(linkOf(`${folder}/${fd}`)))
  } catch (error) {
    // It has ended, or nothing may be known of it.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

/** @returns what a descriptor is; empty once it is closed */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
