import { ENCODINGS, type ConsoleFile, type Encoding } from './console-file.ts'

/** The best encoding that a file has and a client takes. @param accepted the header Accept-Encoding */
export function chooseEncoding(file: ConsoleFile, accepted: string | undefined): Encoding {
  const taken = new Set(
    (accepted ?? '')
      .split(',')
      .map((part) =>
        part
          .trim()
          .toLowerCase()
          .split(/\s*;\s*/),
      )
      .filter(([, weight]) => weight === undefined || !/^q=0(\.0*)?$/.test(weight))
      .map(([name]) => name),
  )
  return ENCODINGS.find((encoding) => file.bodies[encoding] && taken.has(encoding)) ?? 'identity'
}
