import { findBinary, findRabbitmq } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isOfSeries, nameOf, type BrokerVersion } from './broker-versions.ts'
import { DebianSuite } from './debian-suite.ts'

/** A root of its own needs the programs that the server's scripts call. */
const PACKAGES = {
  'nats-server': ['nats-server'],
  'rabbitmq-server': [
    ...['rabbitmq-server', 'bash', 'dash', 'coreutils', 'sed', 'grep', 'mawk', 'util-linux', 'findutils'],
    ...['hostname', 'procps', 'libc-bin', 'base-files', 'login'],
  ],
} as const
const run = promisify(execFile)

/**
 * The folder with the programs of a version: that of the machine where it is the one, else packages of Debian, unpacked once.
 *
 * @throws Error where it is not to be had
 */
export async function findBroker(version: BrokerVersion, cache: string): Promise<string> {
  const installed = await findInstalled(version)
  if (installed !== undefined) return installed
  const folder = join(cache, nameOf(version).replace(' ', '-'))
  const root = join(folder, 'root')
  const done = join(folder, 'bin')
  if (!existsSync(done)) {
    rmSync(root, { recursive: true, force: true })
    await new DebianSuite(version.suite, join(folder, 'apt')).unpack(PACKAGES[version.package], root)
    if (version.package === 'rabbitmq-server') completeRoot(root)
    writePrograms(version, root, done)
  }
  const text = await printVersion(version, done)
  if (!isOfSeries(text, version.series))
    throw new Error(`Debian's ${version.suite} has ${text.trim()} in place of ${nameOf(version)}`)
  return done
}

async function findInstalled(version: BrokerVersion): Promise<string | undefined> {
  const program = version.package === 'nats-server' ? findBinary('nats-server') : findRabbitmq()
  if (program === undefined) return undefined
  const folder = dirname(program)
  return isOfSeries(await printVersion(version, folder), version.series) ? folder : undefined
}

async function printVersion(version: BrokerVersion, folder: string): Promise<string> {
  const isNats = version.package === 'nats-server'
  const { stdout } = await run(join(folder, isNats ? 'nats-server' : 'rabbitmqctl'), ['--version'])
  return stdout
}

/** What installing would have made. */
function completeRoot(root: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    if (!existsSync(join(root, name))) symlinkSync(`usr/${name}`, join(root, name))
  if (!existsSync(join(root, 'usr/bin/sh'))) symlinkSync('dash', join(root, 'usr/bin/sh'))
  if (!existsSync(join(root, 'usr/bin/awk'))) symlinkSync('mawk', join(root, 'usr/bin/awk'))
  for (const name of ['proc', 'dev', 'tmp', 'etc']) mkdirSync(join(root, name), { recursive: true })
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n')
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n')
}

/** The programs of Go run as they are; those of Erlang need the libraries of their suite, and so run in its root. */
function writePrograms({ package: name }: BrokerVersion, root: string, folder: string): void {
  mkdirSync(folder)
  if (name === 'nats-server') return symlinkSync(join(root, 'usr/sbin/nats-server'), join(folder, name))
  for (const program of ['rabbitmq-server', 'rabbitmqctl']) {
    writeFileSync(join(folder, program), inRoot(root, `/usr/lib/rabbitmq/bin/${program}`))
    chmodSync(join(folder, program), 0o755)
  }
}

/** Mounts are of the process alone, and end with it. Temporary folders are those of the machine, for the server's files lie there. */
function inRoot(root: string, program: string): string {
  return `#!/bin/sh
exec unshare --mount --propagation private /bin/sh -ec '
root=$0
for each in dev tmp; do mount --rbind /$each "$root/$each"; done
mount -t proc proc "$root/proc"
PATH=/usr/sbin:/usr/bin exec chroot "$root" ${program} "$@"
' '${root}' "$@"
`
}
