package alirtc.appserver.sandbox;

import alirtc.appserver.config.Product;

/**
 * The one customer that the sandbox knows, and the customer's one application.
 *
 * @param accessKeySecret signs the requests; never printed
 * @param product which product the application belongs to; the other one does not know it
 */
public record Account(String appId, String accessKeyId, String accessKeySecret, Product product) {

    boolean owns(String app, Product asked) {
        return app.equals(appId) && asked == product;
    }

    @Override
    public String toString() {
        return "Account[appId=" + appId + " of " + product + ", accessKeyId=" + accessKeyId + ", accessKeySecret=***]";
    }
}
