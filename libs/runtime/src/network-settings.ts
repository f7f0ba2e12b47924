import { isIP } from 'node:net'
import { list } from './setting-types.ts'
import type { Setting } from './settings.ts'

const MAX_ITEMS = 100

/** IP addresses or networks such as `10.0.0.0/8`, with commas between them. */
export function networks(variable: string, description: string): Setting<readonly string[]> {
  return list(variable, description, parseNetwork, MAX_ITEMS)
}

/** @returns whether it is an IP address, or a network such as `10.0.0.0/8` */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
}

function parseNetwork(text: string): string {
  if (!isNetwork(text)) throw new Error('IP addresses, or networks such as 10.0.0.0/8')
  return text
}
