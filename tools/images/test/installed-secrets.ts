import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComposeFile } from '../src/read-compose.ts'
import { ROOT } from './workspace.ts'

/** Where the containers have them. */
const MOUNTED = '/run/runnel'
/** Where init sees the volumes of the apps, and where this test has them within the folder. */
const OF_APPS = '/run/apps'

type Variables = Readonly<Record<string, string>>

/**
 * Runs the command of the service init for real, on folders of this machine.
 *
 * @param folder where secrets were written before; default: a new one
 * @returns the folder
 */
export function writeSecrets(
  { services }: ComposeFile,
  {
    env = {},
    folder = mkdtempSync(join(tmpdir(), 'runnel-secrets-')),
  }: { env?: Variables; folder?: string } = {},
): string {
  runInit(services['init'], folder, env)
  return folder
}

/** @returns what it prints */
export function runInit(
  init: ComposeFile['services'][string] | undefined,
  folder: string,
  env: Variables,
): string {
  const [program = '', script = '', target = '', apps = '', ...others] = init?.command ?? []
  const source = init?.volumes
    ?.map((volume) => volume.split(':'))
    .find(([, inside]) => inside === script)?.[0]
  if (program !== 'node' || target !== MOUNTED || apps !== OF_APPS || source === undefined)
    throw new Error('init is no script of node')
  const given = others.map((path) => join(folder, path))
  // The user of an image has to get in.
  chmodSync(folder, 0o755)
  for (const path of given) mkdirSync(path, { recursive: true })
  // Only root gives folders away.
  const args = [join(ROOT, source), folder, join(folder, apps), ...(process.getuid?.() === 0 ? given : [])]
  return execFileSync(process.execPath, args, { env, encoding: 'utf8' })
}

/** @returns the volume from which a service has secrets, and the folder in which this test has what is on it */
export function secretsOf({ volumes = [] }: ComposeFile['services'][string], folder: string) {
  const volume = volumes.map((text) => text.split(':')).find(([, inside]) => inside === MOUNTED)?.[0]
  const app = volume?.replace(/^secrets-?/, '')
  return { volume, folder: app ? join(folder, OF_APPS, app) : folder }
}

/** The services with the secrets in that folder instead of their volumes. */
export function withSecretsIn(compose: ComposeFile, folder: string): ComposeFile {
  const services = Object.entries(compose.services).map(([name, { environment, ...service }]) => {
    const own = secretsOf(service, folder).folder
    const moved = Object.entries(environment ?? {}).map(([variable, value]) => [
      variable,
      typeof value === 'string' ? value.replace(MOUNTED, own) : value,
    ])
    return [
      name,
      { ...service, ...(environment && { environment: Object.fromEntries(moved) as Variables }) },
    ] as const
  })
  return { ...compose, services: Object.fromEntries(services) }
}

/** The variables of a service, with what the files hold that they name in place of the files. */
export function textsOf(environment: Variables): Variables {
  const texts = Object.entries(environment).map(([variable, value]) =>
    variable.endsWith('_FILE') && value && existsSync(value)
      ? [variable.slice(0, -'_FILE'.length), readFileSync(value, 'utf8')]
      : [variable, value],
  )
  return Object.fromEntries(texts) as Variables
}
