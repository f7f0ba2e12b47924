import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The health check of an image, in the app's folder: 0 when the app answers /healthz. It asks where the app's own
 * settings say that it listens, so that PORT has no second default here.
 */
interface AppConfig {
  loadConfig(env: NodeJS.ProcessEnv): { readonly host: string; readonly port: number }
}

const PATIENCE_MS = 2000

async function isHealthy(): Promise<boolean> {
  const { loadConfig } = (await import(pathToFileURL(resolve('config.mjs')).href)) as AppConfig
  const { host, port } = loadConfig(process.env)
  const address = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  const url = new URL(`http://${address.includes(':') ? `[${address}]` : address}:${port}/healthz`)
  return (await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })).ok
}

try {
  process.exitCode = (await isHealthy()) ? 0 : 1
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
