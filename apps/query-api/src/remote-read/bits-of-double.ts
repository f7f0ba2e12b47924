import type { DoubleBits } from '@runnel/wire/special-value'

const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)
const [LOW, HIGH] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0]

export function bitsOfDouble(value: number): DoubleBits {
  double[0] = value
  return { high: halves[HIGH!]!, low: halves[LOW!]! }
}
