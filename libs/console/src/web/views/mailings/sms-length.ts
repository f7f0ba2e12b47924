/** How long a text is for a phone. */
export interface SmsLength {
  readonly characters: number
  /** Short messages that it takes. */
  readonly parts: number
  /** Holds characters that make every part shorter. */
  readonly unicode: boolean
}

/** The alphabet of GSM 03.38; those of the second list count twice. */
const BASIC =
  /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]*$/u
const TWICE = /[\f^{}\\[~\]|€]/gu

/** Counts a text as phones do: GSM 03.38 where it will do, UCS-2 elsewhere. */
export function smsLength(text: string): SmsLength {
  const unicode = !BASIC.test(text)
  const units = text.length + (unicode ? 0 : (text.match(TWICE)?.length ?? 0))
  const [single, each] = unicode ? [70, 67] : [160, 153]
  const parts = units === 0 ? 0 : units <= single ? 1 : Math.ceil(units / each)
  return { characters: text.length, parts, unicode }
}
