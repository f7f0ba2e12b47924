import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The health check of an image, in the app's folder: 0 when the app answers /healthz. It asks where the app's own
 * settings say that it listens, so that PORT has no second default here.
 */
interface AppConfig {
  loadConfig(env: NodeJS.ProcessEnv): {
    readonly host: string
    readonly port: number
    readonly tls: { readonly certFile: string; readonly keyFile: string }
  }
}

const PATIENCE_MS = 2000

async function isHealthy(): Promise<boolean> {
  const { loadConfig } = (await import(pathToFileURL(resolve('config.mjs')).href)) as AppConfig
  const { host, port, tls } = loadConfig(process.env)
  const address = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  const authority = `${address.includes(':') ? `[${address}]` : address}:${port}`
  if (tls.certFile !== '') return isHealthyOverTls(`https://${authority}/healthz`, tls)
  const url = new URL(`http://${authority}/healthz`)
  return (await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })).ok
}

/**
 * It asks itself: whom the certificate is for, and by whom, is what clients judge. Where the app asks clients for one, its own is shown.
 */
async function isHealthyOverTls(
  url: string,
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
): Promise<boolean> {
  const own = { cert: readFileSync(certFile), key: readFileSync(keyFile) }
  const request = get(url, { ...own, rejectUnauthorized: false, agent: false, timeout: PATIENCE_MS })
  request.once('timeout', () => request.destroy(new Error('no answer in time')))
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode === 200
}

try {
  process.exitCode = (await isHealthy()) ? 0 : 1
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
