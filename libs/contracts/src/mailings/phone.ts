/** E.164 text as people send it: digits, with or without the plus sign. */
export const PHONE = /^\+?[1-9]\d{6,14}$/

export const PHONE_EXPECTED = 'a phone in international form, e.g. 79161234567 or +4915112345678'
