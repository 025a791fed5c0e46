// Receives the webhooks of Syncfy, and handles only what Syncfy signed.
//
//	SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" go run handler.go
package main

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	_ "crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

const signatureHeader = "__SIGNATURE_HEADER__"

// What a token may be signed with; the token itself has no say in it.
var algorithms = map[string]crypto.Hash{
	__ALGORITHMS__,
}

// How far the clocks may differ, in seconds.
const leeway = __LEEWAY__

// Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
// proves that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.
const requireBinding = __REQUIRE_BINDING__
const longestBody = 10 << 20

type object = map[string]any

var base64url = base64.RawURLEncoding.Strict()
var bearer = regexp.MustCompile(`(?i)^bearer\s+`)
var secret = regexp.MustCompile(`^[\w+/-]+=*$`)
var toURL = strings.NewReplacer("+", "-", "/", "_", "=", "")

// The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
// `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
func readKey(jwk any) ([]byte, error) {
	if text, isText := jwk.(string); isText {
		var parsed any
		if err := json.Unmarshal([]byte(text), &parsed); err != nil {
			return nil, err
		}
		return readKey(parsed)
	}
	fields, isObject := jwk.(object)
	if kty, isPresent := fields["kty"]; !isObject || isPresent && kty != "oct" {
		return nil, errors.New("not a key for HMAC")
	}
	if k, isText := fields["k"].(string); isText && secret.MatchString(k) {
		return base64url.DecodeString(toURL.Replace(k))
	}
	return readKey(fields["k"])
}

func readPart(part string) (fields object, err error) {
	text, err := base64url.DecodeString(part)
	if err == nil {
		err = json.Unmarshal(text, &fields)
	}
	if err == nil && fields == nil {
		err = errors.New("not an object")
	}
	return fields, err
}

// Returns no error if Syncfy signed this.
// `syncfy-hooks verify` explains why a token is refused.
func verify(signatures []string, body, key []byte) error {
	if len(signatures) != 1 {
		return errors.New("exactly one signature is needed")
	}
	parts := strings.Split(bearer.ReplaceAllString(signatures[0], ""), ".")
	if len(parts) != 3 {
		return errors.New("not a token")
	}
	header, err := readPart(parts[0])
	if err != nil {
		return err
	}
	algorithm, _ := header["alg"].(string)
	hash, isAllowed := algorithms[algorithm]
	if _, isCritical := header["crit"]; isCritical || !isAllowed {
		return errors.New("the token is of another kind")
	}
	mac := hmac.New(hash.New, key)
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if !hmac.Equal([]byte(base64url.EncodeToString(mac.Sum(nil))), []byte(parts[2])) {
		return errors.New("the signature is wrong")
	}

	claims, err := readPart(parts[1])
	if err != nil {
		return err
	}
	now := float64(time.Now().Unix())
	for _, name := range []string{"exp", "nbf", "iat"} {
		claim, isPresent := claims[name]
		at, isNumber := claim.(float64)
		isNow := at < now+leeway
		if name == "exp" {
			isNow = at > now-leeway
		}
		if isPresent && !(isNumber && isNow) {
			return errors.New("the token is not valid now: " + name)
		}
	}

	bound, isBound := claims["body_sha256"]
	if !isBound && requireBinding {
		return errors.New("the token does not cover the body")
	}
	// Over the bytes as they came: JSON that was parsed and written again has others.
	digest := sha256.Sum256(body)
	if isBound && bound != hex.EncodeToString(digest[:]) {
		return errors.New("the token is for another body")
	}
	return nil
}

// Syncfy does not wait for this.
// An event may come again: `eid` is its idempotency key, so handle each one once.
func work(body []byte) {
	var notification struct {
		Events []struct {
			Header struct{ Event struct{ Eid, Name string } }
		}
	}
	if err := json.Unmarshal(body, &notification); err != nil {
		log.Print(err)
	}
	for _, event := range notification.Events {
		log.Print(event.Header.Event.Eid, " ", event.Header.Event.Name)
	}
}

func main() {
	log.SetFlags(0)
	key, err := readKey(os.Getenv("SYNCFY_WEBHOOK_SIGNATURE_KEY"))
	if err != nil {
		log.Fatal("SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows")
	}
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		if request.Method != http.MethodPost {
			response.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, longestBody))
		if err != nil {
			response.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		if err := verify(request.Header.Values(signatureHeader), body, key); err != nil {
			log.Print("refused: ", err)
			response.WriteHeader(http.StatusUnauthorized)
			return
		}
		response.WriteHeader(http.StatusOK)
		go work(body)
	})

	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
