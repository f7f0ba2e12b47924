import type { BitWriter } from './bit-writer.ts'

/** How many bits a number is written in, smallest first, and the prefix that says so. */
const SIZES = [
  { bits: 3, prefix: 0b10, prefixBits: 2 },
  { bits: 6, prefix: 0b110, prefixBits: 3 },
  { bits: 9, prefix: 0b1110, prefixBits: 4 },
  { bits: 12, prefix: 0b11110, prefixBits: 5 },
  { bits: 18, prefix: 0b111110, prefixBits: 6 },
  { bits: 25, prefix: 0b1111110, prefixBits: 7 },
  { bits: 56, prefix: 0b11111110, prefixBits: 8 },
  { bits: 64, prefix: 0b11111111, prefixBits: 8 },
] as const

/** A 64-bit integer as chunks of histograms have it: the smaller, the shorter; zero is one bit. Beyond 64 bits it wraps. */
export function writeVarbitInt(out: BitWriter, value: bigint): void {
  const wrapped = BigInt.asIntN(64, value)
  write(out, wrapped, (bits) => {
    const half = 1n << BigInt(bits - 1)
    return wrapped > -half && wrapped <= half
  })
}

/** The same of one without a sign. */
export function writeVarbitUint(out: BitWriter, value: bigint): void {
  const wrapped = BigInt.asUintN(64, value)
  write(out, wrapped, (bits) => wrapped < 1n << BigInt(bits))
}

function write(out: BitWriter, value: bigint, fits: (bits: number) => boolean): void {
  if (value === 0n) return out.write(0, 1)
  const size = SIZES.find(({ bits }) => bits === 64 || fits(bits))!
  out.write(size.prefix, size.prefixBits)
  const whole = BigInt.asUintN(size.bits, value)
  if (size.bits > 32) out.write(Number(whole >> 32n), size.bits - 32)
  out.write(Number(whole & 0xffffffffn), Math.min(32, size.bits))
}
