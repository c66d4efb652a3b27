/* What the hashes of FIPS 180-4 differ in: blocks are compressed into the state. A
 * program has only those that it begins. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <barequote/hash.h>

struct bq_hash_kind {
	void (*compress)(struct bq_hash *c);
	const void *start; /* 8 words */
	bool wide;         /* words of 64 bits and blocks of 128 bytes, not 32 and 64 */
	uint8_t size;      /* of the digest, bytes */
};

extern const struct bq_hash_kind bq_kind_sha1, bq_kind_sha256, bq_kind_sha384, bq_kind_sha512;

/* Upper and lower halves of SHA-512's numbers: SHA-256's are the upper ones.
 * Sections 5.3.3 and 5.3.5 */
#define BQ_SHA2_START(T)                                                                           \
	T(0x6a09e667, 0xf3bcc908)                                                                  \
	T(0xbb67ae85, 0x84caa73b) T(0x3c6ef372, 0xfe94f82b) T(0xa54ff53a, 0x5f1d36f1)              \
		T(0x510e527f, 0xade682d1) T(0x9b05688c, 0x2b3e6c1f) T(0x1f83d9ab, 0xfb41bd6b)      \
			T(0x5be0cd19, 0x137e2179)

/* Sections 4.2.2 and 4.2.3 */
#define BQ_SHA2_K(T)                                                                                                        \
	T(0x428a2f98, 0xd728ae22)                                                                                           \
	T(0x71374491, 0x23ef65cd) T(0xb5c0fbcf, 0xec4d3b2f) T(0xe9b5dba5, 0x8189dbbc) T(                                    \
		0x3956c25b,                                                                                                 \
		0xf348b538) T(0x59f111f1,                                                                                   \
			      0xb605d019) T(0x923f82a4,                                                                     \
					    0xaf194f9b) T(0xab1c5ed5,                                                       \
							  0xda6d8118) T(0xd807aa98,                                         \
									0xa3030242) T(0x12835b01,                           \
										      0x45706fbe)                           \
		T(0x243185be, 0x4ee4b28c) T(0x550c7dc3, 0xd5ffb4e2) T(0x72be5d74, 0xf27b896f) T(                            \
			0x80deb1fe,                                                                                         \
			0x3b1696b1) T(0x9bdc06a7,                                                                           \
				      0x25c71235) T(0xc19bf174,                                                             \
						    0xcf692694) T(0xe49b69c1,                                               \
								  0x9ef14ad2) T(0xefbe4786,                                 \
										0x384f25e3) T(0x0fc19dc6,                   \
											      0x8b8cd5b5)                   \
			T(0x240ca1cc, 0x77ac9c65) T(0x2de92c6f, 0x592b0275) T(0x4a7484aa, 0x6ea6e483) T(                    \
				0x5cb0a9dc,                                                                                 \
				0xbd41fbd4) T(0x76f988da,                                                                   \
					      0x831153b5) T(0x983e5152,                                                     \
							    0xee66dfab) T(0xa831c66d,                                       \
									  0x2db43210) T(0xb00327c8,                         \
											0x98fb213f)                         \
				T(0xbf597fc7, 0xbeef0ee4) T(0xc6e00bf3, 0x3da88fc2) T(                                      \
					0xd5a79147,                                                                         \
					0x930aa725) T(0x06ca6351,                                                           \
						      0xe003826f) T(0x14292967,                                             \
								    0x0a0e6e70) T(0x27b70a85,                               \
										  0x46d22ffc) T(0x2e1b2138,                 \
												0x5c26c926)                 \
					T(0x4d2c6dfc, 0x5ac42aed) T(0x53380d13, 0x9d95b3df) T(                              \
						0x650a7354,                                                                 \
						0x8baf63de) T(0x766a0abb,                                                   \
							      0x3c77b2a8) T(0x81c2c92e,                                     \
									    0x47edaee6) T(0x92722c85,                       \
											  0x1482353b)                       \
						T(0xa2bfe8a1, 0x4cf10364) T(0xa81a664b, 0xbc423001) T(                      \
							0xc24b8b70,                                                         \
							0xd0f89791) T(0xc76c51a3,                                           \
								      0x0654be30) T(0xd192e819,                             \
										    0xd6ef5218)                             \
							T(0xd6990624, 0x5565a910) T(0xf40e3585, 0x5771202a) T(              \
								0x106aa070,                                                 \
								0x32bbd1b8) T(0x19a4c116,                                   \
									      0xb8d2d0c8) T(0x1e376c08, 0x5141ab53)         \
								T(0x2748774c, 0xdf8eeb99) T(0x34b0bcb5, 0xe19b48a8) T(      \
									0x391c0cb3,                                         \
									0xc5c95a63) T(0x4ed8aa4a,                           \
										      0xe3418acb) T(0x5b9cca4f, 0x7763e373) \
									T(0x682e6ff3, 0xd6b2b8a3) T(                        \
										0x748f82ee,                                 \
										0x5defb2fc) T(0x78a5636f,                   \
											      0x43172f60)                   \
										T(0x84c87814, 0xa1f0ab72) T(                \
											0x8cc70208,                         \
											0x1a6439ec) T(0x90befffa,           \
												      0x23631e28)           \
											T(0xa4506ceb,                       \
											  0xde82bde9)                       \
												T(0xbef9a3f7,               \
												  0xb2c67915)               \
													T(0xc67178f2,       \
													  0xe372532b)

/* SHA-512 goes on for 16 more rounds. */
#define BQ_SHA512_K(T)                                                                             \
	T(0xca273ece, 0xea26619c)                                                                  \
	T(0xd186b8c7, 0x21c0c207) T(0xeada7dd6, 0xcde0eb1e) T(0xf57d4f7f, 0xee6ed178)              \
		T(0x06f067aa, 0x72176fba) T(0x0a637dc5, 0xa2c898a6) T(0x113f9804, 0xbef90dae)      \
			T(0x1b710b35, 0x131c471b) T(0x28db77f5, 0x23047d84)                        \
				T(0x32caab7b, 0x40c72493) T(0x3c9ebe0a, 0x15c9bebc)                \
					T(0x431d67c4, 0x9c100d4c) T(0x4cc5d4be, 0xcb3e42b6)        \
						T(0x597f299c, 0xfc657e2a)                          \
							T(0x5fcb6fab, 0x3ad6faec)                  \
								T(0x6c44198c, 0x4a475817)

#endif
