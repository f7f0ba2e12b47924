import fc from 'fast-check'

/** What has broken parsers before. */
export const SNIPPETS = [
  ...[
    '\0',
    '\\u0000',
    '\\ud800',
    '\ud83d',
    '\ufeff',
    '\ufffd',
    '\\',
    '\\"',
    '"',
    "'",
    '[',
    '{',
    ']',
    '}',
    ',',
    ':',
  ],
  ...['9007199254740993', '-1e400', '1e-400', '12345678901234567890', '-0', '1.0', '1e20', 'NaN', '0x10'],
  ...[
    '__proto__',
    'constructor',
    '\\n',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '\u00a0',
    '\u2028',
    '%',
    '_',
    '%00',
    '+',
    '/',
    '..',
  ],
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '|',
    '-',
    "';--",
    '$1',
    'null',
    'true',
    '\u0130',
    '\u03a3',
    'ß',
    '😀',
    '"\\u0061":',
  ],
]

const snippet = fc.constantFrom(...SNIPPETS)

/** Short text, mostly of what is odd somewhere. */
export const hostileText = (maxLength = 24): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({
      unit: fc.oneof(snippet, fc.constantFrom('a', 'b', '1')),
      maxLength: Math.ceil(maxLength / 4),
    }),
    fc.string({ unit: 'binary', maxLength }),
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ maxLength }),
    fc.tuple(snippet, fc.integer({ min: 1, max: maxLength })).map(([one, times]) => one.repeat(times)),
  )

/** As a parameter of a request may arrive: percent-decoding leaves neither halves of pairs nor, behind the schema, NULs. */
export const parameterText = (maxLength = 40): fc.Arbitrary<string> =>
  hostileText(maxLength).map((text) => text.replaceAll('\0', '').toWellFormed().slice(0, 200).toWellFormed())
