import { expect } from '@jest/globals'
import { findBinary, freePort, ManagedProcess, onFreePorts } from '@runnel/testing'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The program that is installed; undefined without one. */
export const program = findBinary('prometheus')

/** Of processes that start and write on a machine with other work. */
export const START_MS = 240_000

interface Place {
  readonly folder: string
  readonly name: string
}

/** @param config in YAML */
export function startPrometheus(place: Place, config: string, args: readonly string[] = []) {
  return onFreePorts(async () => startOn(await freePort(), place, config, args))
}

function startOn(port: number, { folder, name }: Place, config: string, args: readonly string[]) {
  const file = join(folder, `${name}.yml`)
  writeFileSync(file, config)
  return ManagedProcess.start({
    name: `prometheus ${name}`,
    command: program!,
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, name)}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
      ...args,
    ],
    env: { ...process.env },
    url: `http://127.0.0.1:${port}`,
    port,
    probe: async (url) => {
      const { ok, status } = await fetch(`${url}/-/ready`)
      if (!ok) throw new Error(`it answers ${status}`)
    },
    readyMs: START_MS,
  })
}

/** Writes a snappy block of a write request to Prometheus or to Runnel. */
export async function push(url: string, body: Buffer): Promise<void> {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  }
  const { status } = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  })
  expect([url, status]).toEqual([url, 204])
}
