package dev.kappa.gateway.async;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs web hooks with an Ed25519 key that follows from the installation's secret ({@code v1a} of Standard Webhooks). */
public final class WebHookSigner {
    private static final int KEY_BYTES = 32;

    private final PrivateKey key;
    private final String publicKey;

    /**
     * The signer of an installation.
     *
     * @param secret its key
     */
    public WebHookSigner(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] seed = mac.doFinal("kappa web hooks".getBytes(StandardCharsets.UTF_8));
            key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            publicKey = "whpk_" + Base64.getEncoder().encodeToString(raw(publicKey(seed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256 and Ed25519", e);
        }
    }

    /**
     * What receivers verify with.
     *
     * @return {@code whpk_} and base64 of the 32 bytes
     */
    public String publicKey() {
        return publicKey;
    }

    String sign(String id, String timestamp, byte[] body) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            signature.update(body);
            return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of web hooks does not sign", e);
        }
    }

    /** The generator takes exactly the seed as its randomness: the JDK has no other way from a private key to its public one. */
    private static PublicKey publicKey(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return generator.generateKeyPair().getPublic();
    }

    /** The key stands at the end of its X.509 form. */
    private static byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    }
}
