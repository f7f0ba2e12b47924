import { isIP } from 'node:net'
import { list } from './setting-types.ts'
import type { Setting } from './settings.ts'

const MAX_ITEMS = 100

/** IP addresses or networks such as `10.0.0.0/8`, with commas between them. */
export function networks(variable: string, description: string): Setting<readonly string[]> {
  return list(variable, description, parseNetwork, MAX_ITEMS)
}

function parseNetwork(text: string): string {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  const isNetwork =
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
  if (family === 0 || !isNetwork || rest.length > 0)
    throw new Error('IP addresses, or networks such as 10.0.0.0/8')
  return text
}
