/** Reflected polynomial of CRC-32/ISO-HDLC (the one of Ethernet and zip). */
const POLYNOMIAL = 0xedb88320;

const TABLE: readonly number[] = Array.from({ length: 256 }, (_, index) => {
	let rest = index;
	for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
	return rest >>> 0;
});

/** CRC-32/ISO-HDLC of the first `length` bytes, as an unsigned number. It finds torn and worn bytes, not forged ones. */
export function crc32(bytes: Uint8Array, length = bytes.length): number {
	let rest = 0xffffffff;
	for (let index = 0; index < length; index++) {
		rest = (TABLE[(rest ^ (bytes[index] ?? 0)) & 0xff] ?? 0) ^ (rest >>> 8);
	}
	return (rest ^ 0xffffffff) >>> 0;
}
