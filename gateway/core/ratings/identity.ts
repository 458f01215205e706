import { isCalendarDay } from "./dates.ts";

/** Length of a resident identity number, which many places use as the certificate number. */
export const IDENTITY_LENGTH = 18;
/** GB 11643-1999, clause 4: weights of the first 17 digits, and the check characters by the sum modulo 11. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";
const DIGIT_0 = 48;

/** Whether an 18-character number (folded, upper case) is a resident identity number: digits, a day of birth, its check character. */
export function isIdentityNumber(number: string): boolean {
	if (number.length !== IDENTITY_LENGTH) return false;
	let sum = 0;
	for (let i = 0; i < WEIGHTS.length; i++) {
		const digit = number.charCodeAt(i) - DIGIT_0;
		if (digit < 0 || digit > 9) return false;
		sum += digit * (WEIGHTS[i] ?? 0);
	}
	if (CHECKS[sum % 11] !== number[17]) return false;
	return isCalendarDay(Number(number.slice(6, 10)), Number(number.slice(10, 12)), Number(number.slice(12, 14)));
}
