import { findBinary, freePort, ManagedProcess, onFreePorts } from '@runnel/testing'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [smtpd, smtpctl] = [findBinary('smtpd'), findBinary('smtpctl')]

/** Its queue and its socket have fixed places: it needs root, and there can be one on a machine. */
export const whyNoOpensmtpd =
  smtpd === undefined || smtpctl === undefined
    ? 'opensmtpd is not installed'
    : process.getuid?.() !== 0
      ? 'opensmtpd needs root'
      : existsSync('/var/run/smtpd.sock') && isAnswering()
        ? 'another opensmtpd is running'
        : undefined

function isAnswering(): boolean {
  try {
    execFileSync(smtpctl!, ['show', 'status'], { stdio: 'ignore', timeout: 5000 })
    return true
  } catch {
    return false
  }
}

export interface TestOpensmtpd extends AsyncDisposable {
  readonly port: number
}

/**
 * Debian's mail server: takes e-mails for example.com, and hands them on to another server on this machine. Without TLS, which the
 * one of Debian 12 (6.8.0 with OpenSSL 3) cannot do.
 */
export function startOpensmtpd(onwardPort: number): Promise<TestOpensmtpd> {
  return onFreePorts(async () => startOpensmtpdOn(await freePort(), onwardPort))
}

function startOpensmtpdOn(port: number, onwardPort: number): Promise<ManagedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-opensmtpd-'))
  chmodSync(folder, 0o755)
  const config = join(folder, 'smtpd.conf')
  writeFileSync(
    config,
    [
      `listen on 127.0.0.1 port ${port} hostname localhost`,
      `action "onward" relay host smtp://127.0.0.1:${onwardPort}`,
      'match from any for domain "example.com" action "onward"',
      '',
    ].join('\n'),
    { mode: 0o644 },
  )
  return ManagedProcess.start({
    ...{ name: 'opensmtpd', command: smtpd!, args: ['-d', '-f', config], cwd: '/' },
    ...{ url: `smtp://127.0.0.1:${port}`, port, temporaryFolder: folder, detached: true },
    probe: () => greets(port),
  })
}

/** @throws Error until the server says who it is */
async function greets(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    const [greeting] = (await once(socket, 'data')) as [Buffer]
    if (!greeting.toString().startsWith('220')) throw new Error(greeting.toString())
  } finally {
    socket.destroy()
  }
}
